import type { Rivulet, RunSearch } from "@rivulet/core";
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
    ["name = 'x'' OR 1=1 --'", []],
  ])("%s", async (filter, expected) => {
    expect(await names(client(), { filter })).toEqual(expected);
  });

  test.each([
    ["a filter of 4096 characters", { filter: `name = '${"x".repeat(4087)}'` }, []],
    ["50 clauses", { filter: Array(50).fill("name = 'beta'").join(" AND ") }, ["beta"]],
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
    ["of 4097 characters", "x".repeat(4097), /has 4097 characters; 4096 is the most/],
    ["of 51 clauses", Array(51).fill("name='a'").join(" AND "), /more than 50 clauses/],
  ])("%s is refused", async (_case, filter, message) => {
    await expect(client().runs.search({ filter })).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
  });

  const badFilters: readonly (readonly [string, RegExp])[] = [
    ["metrics.acc >", /expected a number at the end/],
    ["metrics.acc > 'high'", /number without quotes at position 15/],
    ["metrics.acc LIKE '1'", /expected a number without quotes|LIKE needs text/],
    ["params.lr > '0.1'", /> needs a number/],
    ["params.lr = 0.1", /expected text in single quotes at position 13/],
    ["status = 'a' OR status = 'b'", /expected AND at position 14, near: OR/],
    ["(status = 'a')", /expected a field at position 1/],
    ["NOT status = 'a'", /expected|Unknown field/],
    ["status = 'a", /a quote is not closed at position 10/],
    ["colour = 'a'", /Unknown field "colour"\. Known are: id, name, status/],
    ["metrics.acc > 1 AND colour = 'a'", /Unknown field "colour".*position 21/],
    ["name RLIKE 'a.*'", /expected one of/],
    ["name IN 'a'", /expected \( after IN/],
    ["name IN ('a' 'b')", /expected , or \)/],
    ["name IS EMPTY", /expected one of/],
    ["metrics.acc > 1e999", /the number is too large/],
    ["metrics.acc > 1; DROP TABLE runs", /unexpected character at position 16/],
    ["name = 'a' AND", /expected a field at the end/],
    ["__proto__.x = 'a'", /Unknown field/],
    ["constructor = 'a'", /Unknown field/],
  ];

  test.each(badFilters)("%s is refused with the place", async (filter, message) => {
    await expect(client().runs.search({ filter })).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
  });

  test.each([
    ["limit 0", { limit: 0 }, /limit must be a whole number from 1 to 1000/],
    ["limit 1001", { limit: 1001 }, /from 1 to 1000/],
    ["limit 1.5", { limit: 1.5 }, /from 1 to 1000/],
    ["an unknown order", { orderBy: ["colour"] }, /Unknown field "colour"/],
    ["an order with more words", { orderBy: ["name ASC please"] }, /expected ASC or DESC/],
    ["eleven orders", { orderBy: Array.from({ length: 11 }, () => "name") }, /at most 10 terms/],
    ["a page token of nobody", { pageToken: "not-a-token" }, /page ?token/i],
    ["an empty page token", { pageToken: "" }, /pageToken/],
    ["a page token of 2049 characters", { pageToken: "x".repeat(2049) }, /pageToken/],
    ["a lifecycle of its own", { lifecycle: "gone" as "all" }, /lifecycle/],
  ])("%s is refused", async (_case, query, message) => {
    await expect(client().runs.search(query)).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
  });
});
