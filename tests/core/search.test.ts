import { type Page, type PageQuery, paginate, type Rivulet, type RunSearch } from "@rivulet/core";
import { beforeAll, describe, expect, test } from "vitest";
import { refusal, STORES, sharedClient } from "./client.ts";

async function threeRuns(rivulet: Rivulet): Promise<void> {
  const runs = [
    { name: "alpha", acc: 0.9, lr: "0.1", tag: "Blue sky" },
    { name: "beta", acc: 0.7, lr: "0.01", tag: "blue sea" },
    { name: "it's gamma", acc: 0.5, lr: "0.1", tag: undefined },
  ];
  for (const { name, acc, lr, tag } of runs) {
    const run = await rivulet.runs.start({
      name,
      params: { lr, "data set": "iris" },
      tags: tag === undefined ? {} : { "my.color": tag },
    });
    run.logMetrics({ acc, "val/loss": 1 - acc });
    await run.finish(name === "beta" ? "failed" : "finished");
  }
}

describe.each(STORES)("search on %s", (kind) => {
  const client = sharedClient(kind);
  beforeAll(() => threeRuns(client()));

  const names = async (rivulet: Rivulet, query: RunSearch): Promise<string[]> =>
    (await rivulet.runs.search({ orderBy: ["name"], ...query })).items.map(({ name }) => name);

  test.each([
    ["metrics.acc > 0.6", ["alpha", "beta"]],
    ["metric.acc >= 0.7 AND params.lr = '0.01'", ["beta"]],
    ["metrics.acc < 7e-1", ["it's gamma"]],
    ["metrics.acc != .9", ["beta", "it's gamma"]],
    ["metrics.acc <> 0.9", ["beta", "it's gamma"]],
    ["name <> 'beta'", ["alpha", "it's gamma"]],
    ["params.lr == '0.01'", ["beta"]],
    ["metrics.`val/loss` > 0.4", ["it's gamma"]],
    ['metrics."val/loss" > 0.4', ["it's gamma"]],
    ["metrics.val/loss > 0.4", ["it's gamma"]],
    ["params.`data set` = 'iris' and parameters.lr LIKE '0.0%'", ["beta"]],
    ["tags.my.color LIKE 'Blue%'", ["alpha"]],
    ["tags.`my.color` ILIKE 'BLUE%'", ["alpha", "beta"]],
    ["tag.my.color IS NULL", ["it's gamma"]],
    ["tags.my.color IS NOT NULL", ["alpha", "beta"]],
    ["attributes.status = 'failed'", ["beta"]],
    ["status != 'failed'", ["alpha", "it's gamma"]],
    ["attr.run_name = 'it''s gamma'", ["it's gamma"]],
    ['name = "it\'s gamma"', ["it's gamma"]],
    ["run_name IN ('alpha', 'beta')", ["alpha", "beta"]],
    ["name NOT IN ('alpha','beta')", ["it's gamma"]],
    ["start_time > 0", ["alpha", "beta", "it's gamma"]],
    ["  ", ["alpha", "beta", "it's gamma"]],
    ["metrics.nothing > 0", []],
    ["name = 'alpha' OR name = 'beta'", ["alpha", "beta"]],
    ["name = 'alpha' OR metrics.acc < 0.8 AND params.lr = '0.01'", ["alpha", "beta"]],
    ["(name = 'alpha' OR metrics.acc < 0.8) AND params.lr = '0.1'", ["alpha", "it's gamma"]],
    ["NOT name = 'alpha'", ["beta", "it's gamma"]],
    ["NOT NOT (name = 'alpha')", ["alpha"]],
    ["NOT name = 'alpha' AND metrics.acc < 0.6", ["it's gamma"]],
    ["NOT name = 'alpha' OR metrics.acc > 0.8", ["alpha", "beta", "it's gamma"]],
    ["not (name = 'alpha' or name = 'beta')", ["it's gamma"]],
    // What lacks the tag is not blue: NOT finds it, an operator does not.
    ["NOT tags.my.color LIKE 'Blue%'", ["beta", "it's gamma"]],
    ["tags.my.color NOT LIKE 'Blue%'", ["beta"]],
    ["tags.my.color NOT ILIKE 'blue s_y'", ["beta"]],
    ["tags.my.color != 'blue sea'", ["alpha"]],
    ["tags.my.color NOT IN ('blue sea')", ["alpha"]],
    ["metrics.acc BETWEEN 0.5 AND 0.7", ["beta", "it's gamma"]],
    ["metrics.acc NOT BETWEEN 0.5 AND 0.7", ["alpha"]],
    ["name BETWEEN 'alpha' AND 'b'", ["alpha"]],
    ["name > 'alpha' AND name <= 'beta'", ["beta"]],
    // Without quotes a number, with them a text: '0.10' is another text, and the same number.
    ["params.lr < 0.05", ["beta"]],
    ["params.lr = 0.10", ["alpha", "it's gamma"]],
    ["params.lr = '0.10'", []],
    ["params.lr IN (0.01, 'iris')", ["beta"]],
    ["params.lr != 0.1", ["beta"]],
    ["params.`data set` != 0.1", ["alpha", "beta", "it's gamma"]],
    ["params.`data set` > 0", []],
    ["params.lr BETWEEN 0.005 AND 0.05", ["beta"]],
    ["name RLIKE '^(al|be).*a$'", ["alpha", "beta"]],
    ["name NOT RLIKE '^a'", ["beta", "it's gamma"]],
    ["tags.my.color RLIKE '(?i)SKY$' OR name = 'beta'", ["alpha", "beta"]],
    ["NOT (tags.my.color RLIKE 'sky' OR name = 'beta')", ["it's gamma"]],
    ["params.lr RLIKE '^0\\.01$'", ["beta"]],
    ["name LIKE '%a%l%p%h%a%'", ["alpha"]],
    ["name ILIKE '%A%L%P%H%A'", ["alpha"]],
    ["name NOT LIKE '%a%l%p%h%a%'", ["beta", "it's gamma"]],
    ["status = 'FINISHED'", ["alpha", "it's gamma"]],
    ["status IN ('Failed', 'KILLED')", ["beta"]],
    ["status LIKE 'FIN%'", ["alpha", "it's gamma"]],
    ["tags.`mlflow.runName` = 'beta'", ["beta"]],
    ["tags.mlflow.runName LIKE 'al%'", ["alpha"]],
    ["startTime > now() - 7d", ["alpha", "beta", "it's gamma"]],
    ["startTime < now()-1w", []],
    ["start_time <= NOW() + 5m AND startTime >= '2001-02-03'", ["alpha", "beta", "it's gamma"]],
    ["startTime BETWEEN '2001-02-03T04:05:06Z' AND '2001-02-03 04:05+01:00'", []],
    ["endTime IS NULL", []],
    ["name = 'x'' OR 1=1 --'", []],
  ])("%s", async (filter, expected) => {
    expect(await names(client(), { filter })).toEqual(expected);
  });

  test.each([
    ["a filter of 4096 characters", { filter: `name = '${"x".repeat(4087)}'` }, []],
    ["50 clauses", { filter: Array(50).fill("name = 'beta'").join(" AND ") }, ["beta"]],
    [
      "32 levels of parentheses and NOT",
      { filter: `${"NOT (".repeat(16)}name = 'beta'${")".repeat(16)}` },
      ["beta"],
    ],
    [
      "a regular expression of 256 characters",
      { filter: `name RLIKE '^(beta|${"x".repeat(247)})$'` },
      ["beta"],
    ],
    ["10 orders", { orderBy: Array<string>(10).fill("name") }, ["alpha", "beta", "it's gamma"]],
    ["limit 1", { limit: 1 }, ["alpha"]],
    ["limit 1000", { limit: 1000 }, ["alpha", "beta", "it's gamma"]],
  ])("takes %s, which is the most or the least it may", async (_case, query, expected) => {
    expect(await names(client(), query)).toEqual(expected);
  });

  test("orders by metrics, params and attributes, missing values last", async () => {
    const rivulet = client();
    expect(await names(rivulet, { orderBy: ["metrics.acc ASC"] })).toEqual([
      "it's gamma",
      "beta",
      "alpha",
    ]);
    expect(await names(rivulet, { orderBy: ["params.lr DESC", "run_name desc"] })).toEqual([
      "it's gamma",
      "alpha",
      "beta",
    ]);
    expect(await names(rivulet, { orderBy: ["tags.my.color"] })).toHaveLength(3);
    expect((await names(rivulet, { orderBy: ["tags.my.color DESC"] })).at(-1)).toBe("it's gamma");
  });

  test("goes on by itself from page to page, and where one was cut by its time", async () => {
    const { runs } = client();
    const read: string[] = [];
    for await (const { name } of paginate(runs.search, { orderBy: ["name"], limit: 2 }))
      read.push(name);
    expect(read).toEqual(["alpha", "beta", "it's gamma"]);
    const good: string[] = [];
    // A filter alone says enough; the compiler refuses a misspelt one.
    for await (const { name } of paginate(runs.search, { filter: "metrics.acc > 0.8" }))
      good.push(name);
    expect(good).toEqual(["alpha"]);
    const pages: Page<string>[] = [
      { items: [], nextPageToken: "a", complete: false },
      { items: ["x"], nextPageToken: "b" },
      { items: ["y"] },
    ];
    const asked: unknown[] = [];
    const list = async (query: PageQuery) => {
      asked.push(query);
      return pages[asked.length - 1] as Page<string>;
    };
    const found: string[] = [];
    for await (const item of paginate(list, { limit: 1 })) found.push(item);
    expect(found).toEqual(["x", "y"]);
    expect(asked).toEqual([
      { limit: 1 },
      { limit: 1, pageToken: "a" },
      { limit: 1, pageToken: "b" },
    ]);
  });

  test("gives every run once over pages", async () => {
    const rivulet = client();
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await rivulet.runs.search({
        limit: 1,
        orderBy: ["metrics.acc"],
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      seen.push(...page.items.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(seen).toEqual(["it's gamma", "beta", "alpha"]);
  });
});

describe("a bad search", () => {
  const client = sharedClient();

  test.each([
    ["of 4097 characters", "x".repeat(4097), /query\.filter: must have at most 4096 characters/],
    ["of 51 clauses", Array(51).fill("name='a'").join(" AND "), /more than 50 clauses/],
  ])("%s is refused", async (_case, filter, message) => {
    await expect(client().runs.search({ filter })).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
  });

  const badFilters: readonly (readonly [string, RegExp])[] = [
    ["metrics.acc >", /at its end: expected a number\.$/],
    ["metrics.acc > 'high'", /at position 15, "'high'": expected a number without quotes\.$/],
    ["metrics.acc LIKE '1'", /at position 13.*LIKE compares text, and metric\.acc is a number\.$/],
    ["startTime RLIKE '1'", /at position 11.*RLIKE compares text, and startTime is a time\.$/],
    ["params.lr = abc", /at position 13, "abc": expected a number or text in single quotes\.$/],
    ["name = 1", /at position 8, "1": expected text in single quotes\.$/],
    ["status = 'a'", /at position 10.*status is one of running, scheduled, finished/],
    ["name = 'a' name = 'b'", /at position 12, "name = 'b'": expected AND or OR\.$/],
    ["(name = 'a'", /at its end: expected AND, OR or \)\.$/],
    ["name = 'a')", /at position 11, "\)": expected AND or OR\.$/],
    ["NOT", /at its end: expected a field\.$/],
    ["name NOT = 'a'", /at position 10.*expected LIKE, ILIKE, RLIKE, IN or BETWEEN\.$/],
    ["status = 'a", /at position 10.*this quote is not closed\.$/],
    ["colour = 'a'", /at position 1, .*: unknown field "colour"; known are id, name, status/],
    ["metrics.acc > 1 AND colour = 'a'", /at position 21, .*: unknown field "colour"/],
    ["name LIKE 'a' ESCAPE", /at its end: expected text in single quotes\.$/],
    [
      "name LIKE 'a' ESCAPE 'ab'",
      /at position 22.*: ESCAPE takes one sign that is no letter, digit, space, % or _, such as '\\'\.$/,
    ],
    ["name LIKE 'a' ESCAPE '%'", /ESCAPE takes one sign/],
    ["name ILIKE 'a' ESCAPE ''", /ESCAPE takes one sign/],
    [
      "name LIKE '50!' ESCAPE '!'",
      /at position 11, .*: behind the escape ! comes %, _ or ! itself, and this pattern ends\.$/,
    ],
    ["name LIKE '!!!a%' ESCAPE '!'", /and this pattern goes on with "a"\.$/],
    ["name = 'a' ESCAPE '!'", /at position 12.*expected AND or OR\.$/],
    [
      "name RLIKE '('",
      /Cannot read the filter at '\(': it is not a valid RE2 regular expression \(.*missing closing/,
    ],
    [`name RLIKE '${"x".repeat(257)}'`, /has 257 characters; 256 is the most/],
    ["name MATCH 'x'", /MATCH finds words in the "text" of traces: expected =, /],
    ["name IN 'a'", /at position 9, "'a'": expected \(\.$/],
    ["name IN ('a' 'b')", /at position 14, .*: expected , or \)\.$/],
    ["name IS EMPTY", /at position 9, "EMPTY": expected NULL or NOT NULL\.$/],
    ["name IS NOT EMPTY", /at position 13, "EMPTY": expected NULL\.$/],
    ["name BETWEEN 'a'", /at its end: expected AND and the other end\.$/],
    ["params.lr BETWEEN 'a' AND 1", /at position 27, "1": expected text\.$/],
    ["startTime > 'yesterday'", /at position 13.*expected a time: '2026-01-31'/],
    ["startTime > '2026-02-30'", /at position 13.*expected a time/],
    ["startTime > now", /at its end: expected \(\) behind now\.$/],
    ["startTime > now() - 7", /at position 21, "7": expected a duration such as/],
    ["startTime > now() - 7 d", /at position 21.*expected a duration/],
    ["metrics.acc > 1e999", /the number is too large/],
    ["metrics.acc > 1; DROP TABLE runs", /at position 16, .*: unexpected character\.$/],
    ["name = 'a' AND", /at its end: expected a field\.$/],
    [`${"(".repeat(33)}name = 'a'${")".repeat(33)}`, /more than 32 levels/],
    ["__proto__.x = 'a'", /unknown field/],
    ["constructor = 'a'", /unknown field/],
    ["tags.`__proto__` > now()", /expected a number or text in single quotes/],
  ];

  test.each(badFilters)("%s is refused with the place", async (filter, message) => {
    await expect(client().runs.search({ filter })).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
  });

  test.each([
    ["limit 0", { limit: 0 }, /query\.limit: must be a whole number from 1 to 1000/],
    ["limit 1001", { limit: 1001 }, /from 1 to 1000/],
    ["limit 1.5", { limit: 1.5 }, /from 1 to 1000/],
    [
      "an unknown order",
      { orderBy: ["colour"] },
      /Cannot read the orderBy at position 1, "colour": unknown field "colour"/,
    ],
    ["an order with more words", { orderBy: ["name ASC please"] }, /expected ASC or DESC/],
    ["eleven orders", { orderBy: Array.from({ length: 11 }, () => "name") }, /at most 10 terms/],
    ["a page token of nobody", { pageToken: "not-a-token" }, /page ?token/i],
    ["an empty page token", { pageToken: "" }, /pageToken/],
    [
      "a page token of 2048 characters that no list has given",
      { pageToken: "x".repeat(2048) },
      /^The page token is not one that a list has given/,
    ],
    ["a page token of 2049 characters", { pageToken: "x".repeat(2049) }, /pageToken/],
    ["a lifecycle of its own", { lifecycle: "gone" as "all" }, /lifecycle/],
  ])("%s is refused", async (_case, query, message) => {
    await expect(client().runs.search(query)).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
  });

  const misspelt: readonly (readonly [string, (given: Rivulet) => Promise<unknown>, RegExp])[] = [
    ["runs", ({ runs }) => runs.search({ fliter: "x" } as object), /Did you mean filter\?/],
    ["a count", ({ runs }) => runs.count({ orderBy: ["name"] } as object), /There are filter, /],
    ["keys", ({ runs }) => runs.keys({ experimentId: "0" } as object), /named by experimentIds/],
    ["prompts", ({ prompts }) => prompts.search({ pageSize: 5 } as object), /a page is limit\./],
    [
      "versions",
      ({ prompts }) => prompts.listVersions({ name: "a", max_results: 5 } as { name: string }),
      /a page is limit\./,
    ],
    ["traces", ({ traces }) => traces.search({ where: "x" } as object), /is written as filter\./],
    ["sums", ({ traces }) => traces.aggregate({ groupby: [] } as object), /mean groupBy\?/],
  ];

  test.each(misspelt)("a misspelt option of %s is refused: it would find all", async (...given) => {
    const [, search, message] = given;
    await expect(search(client())).rejects.toMatchObject(refusal("invalid_argument", message));
  });

  test("a group that there is not is refused with those that there are", async () => {
    const sums = client().traces.aggregate({ groupBy: ["nam" as "name"] });
    await expect(sums).rejects.toMatchObject(
      refusal("invalid_argument", /query\.groupBy\.0: must be one of .*name.*, or tags\.KEY/),
    );
  });
});
