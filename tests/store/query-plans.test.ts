import { parseFilter, parseOrder } from "@rivulet/core";
import { expect, test } from "vitest";
import { type Entities, plansOf } from "./plans.ts";

const page = { limit: 50, where: [], order: [], lifecycle: "active" } as const;
const of = { ...page, experimentIds: ["0"] };
const traces =
  (filter: string, order: readonly string[] = []) =>
  ({ traces }: Entities) =>
    traces.search({
      ...of,
      where: parseFilter("trace", filter),
      order: parseOrder("trace", order),
    });
const runs =
  (filter: string, order: readonly string[] = []) =>
  ({ runs }: Entities) =>
    runs.search({ ...of, where: parseFilter("run", filter), order: parseOrder("run", order) });

const SORTED = "USE TEMP B-TREE FOR ORDER BY";

test.each([
  ["traces of an experiment", traces(""), "traces_experiment"],
  [
    "traces of all experiments",
    ({ traces }: Entities) => traces.search({ ...page, experimentIds: [] }),
    "traces_start",
  ],
  [
    "longest traces of all experiments",
    ({ traces }: Entities) =>
      traces.search({
        ...page,
        experimentIds: [],
        order: parseOrder("trace", ["durationMs DESC"]),
      }),
    "traces_longest",
  ],
  ["oldest traces", traces("", ["startTime ASC"]), "traces_experiment"],
  ["longest traces", traces("", ["durationMs DESC"]), "traces_duration"],
  ["shortest traces", traces("", ["durationMs ASC"]), "traces_duration"],
  ["traces of a time", traces("startTime > 5"), "traces_experiment"],
  ["runs of an experiment", runs(""), "runs_experiment"],
  [
    "runs of all experiments",
    ({ runs }: Entities) => runs.search({ ...page, experimentIds: [] }),
    "runs_start",
  ],
  ["oldest runs", runs("", ["startTime ASC"]), "runs_experiment"],
  ["runs by metric", runs("", ["metrics.acc DESC"]), "metrics_value"],
  ["runs by metric, lowest first", runs("", ["metrics.acc ASC"]), "metrics_value"],
  ["runs by param", runs("", ["params.lr DESC"]), "params_number"],
  ["runs with a metric, by it", runs("metrics.acc > 0.9", ["metrics.acc DESC"]), "metrics_value"],
])("%s are walked in the order of an index", async (_, call, index) => {
  const plans = await plansOf(call);
  // What a metric has that is NaN or infinite comes last, and is sorted: it is little.
  const [first] = plans.filter((plan) => plan.includes(index));
  expect(first).toContain(index);
  expect(first).not.toContain(SORTED);
});

test.each([
  ["user", traces("userId = 'u'"), "traces_user_latest"],
  ["session", traces("sessionId = 's'"), "traces_session"],
  ["run", traces("runId = 'r'"), "traces_run"],
  ["span name", traces("span.name = 'n'"), "spans_name"],
  ["span model", traces("span.model = 'm'"), "spans_model"],
  ["tag", traces("tags.team = 'a'"), "tags_value"],
  ["tag of a run", runs("tags.team = 'a'"), "tags_value"],
  ["param", runs("params.lr = '0.1'"), "params_value"],
  ["parent run", runs("parentRunId = 'p'"), "runs_parent"],
  ["prompt", traces("prompt = 'p'"), "trace_prompts_name"],
  ["prompt version", traces("prompt = 'p/1'"), "trace_prompts_name"],
  ["span type", traces("span.type = 'tool'"), "trace_span_types_type"],
  ["failure", traces("error.fingerprint = '81f52337ebb4cb16'"), "trace_errors_fingerprint"],
  ["user of some", traces("userId IN ('u', 'v')"), "traces_user_latest"],
  ["user or session", traces("userId = 'u' OR sessionId = 's'"), "traces_session"],
])(
  "what has a rare %s is found by an index, and nothing else is looked at",
  async (_, call, index) => {
    const plans = await plansOf(call);
    const found = plans.filter((plan) => plan.includes(index));
    // Once to see that it is rare, once for its rows.
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(
      found.flatMap((plan) => plan.split("\n")).filter((step) => /^SCAN (t|x|v|s)\b/.test(step)),
    ).toEqual([]);
    expect(plans.filter((plan) => /SCAN t\b/.test(plan))).toEqual([]);
  },
);

test.each([
  ["old traces", traces("startTime < 5"), "traces_experiment"],
  ["long traces, longest first", traces("durationMs > 5", ["durationMs DESC"]), "traces_duration"],
])("%s are walked no further than the filter goes", async (_, call, index) => {
  const plans = await plansOf(call);
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) expect(plan).toMatch(new RegExp(`${index} \\(experiment_id=\\? AND`));
});

test("a filter that names its experiments is as good as a search of these", async () => {
  const [first] = await plansOf(({ traces }) =>
    traces.search({
      ...page,
      experimentIds: [],
      where: parseFilter("trace", "experimentId = '3'"),
    }),
  );
  expect(first).toContain("traces_experiment (experiment_id=?");
});

const three = { ...page, experimentIds: ["1", "2", "3"] };
/** The first rows of each experiment, as many as a page has, are sorted once more. */
const MERGED = /SCAN part_\d\nUSE TEMP B-TREE FOR ORDER BY/g;

test.each([
  ["newest traces", ({ traces }: Entities) => traces.search(three), "traces_experiment"],
  [
    "longest traces",
    ({ traces }: Entities) =>
      traces.search({ ...three, order: parseOrder("trace", ["durationMs DESC"]) }),
    "traces_duration",
  ],
  ["newest runs", ({ runs }: Entities) => runs.search(three), "runs_experiment"],
  [
    "runs by metric",
    ({ runs }: Entities) =>
      runs.search({ ...three, order: parseOrder("run", ["metrics.acc DESC"]) }),
    "metrics_value",
  ],
])("%s of several experiments are merged from an index's order of each", async (_, call, index) => {
  const [first = ""] = (await plansOf(call)).filter((plan) => plan.includes("part_"));
  expect(first.match(new RegExp(`INDEX ${index} \\((experiment_id|key)=`, "g"))).toHaveLength(3);
  expect(first.replaceAll(MERGED, "")).not.toContain(SORTED);
});
test.each(["text MATCH 'word'", "text MATCH '\"two words\" beg*' AND name LIKE '%x%'"])(
  "traces with words are found by the index of words, and nothing else is looked at: %s",
  async (filter) => {
    const plans = await plansOf(traces(filter));
    const found = plans.filter((plan) => plan.includes("SCAN w VIRTUAL TABLE INDEX 0:M1"));
    // Once to see that they are few, once for their rows.
    expect(found.length).toBe(2);
    expect(plans.filter((plan) => /SCAN [ts]\b|traces_experiment/.test(plan))).toEqual([]);
  },
);

test("a metric that is sorted by is read no further than the filter goes", async () => {
  const plans = await plansOf(runs("metrics.acc > 0.9", ["metrics.acc DESC"]));
  const walks = plans.filter((plan) => plan.includes("metrics_value"));
  expect(walks.length).toBeGreaterThan(0);
  for (const walk of walks) expect(walk).toContain("key=? AND value");
});

test.each([
  ["a part of a name", traces("name LIKE '%x%'")],
  ["an attribute that nobody declared", traces("span.attributes.a = 1")],
  ["a negation", traces("userId != 'u'")],
])("the experiment is walked in windows for %s", async (_, call) => {
  const plans = await plansOf(call);
  expect(plans.every((plan) => !plan.includes(SORTED))).toBe(true);
  expect(plans.some((plan) => plan.includes("traces_experiment (experiment_id=?"))).toBe(true);
});

const upTo = { startTime: 5, id: "t" };

test.each([
  ["the oldest traces to remove", ({ traces }: Entities) => traces.prune({ upTo, limit: 100 })],
  ["the traces beyond a size", ({ traces }: Entities) => traces.surplus({ maxBytes: 1 })],
])("%s are found without those that are known to stay", async (_, call) => {
  const plans = await plansOf(call);
  const [first] = plans.filter((plan) => plan.includes("traces_prunable"));
  expect(first).toContain("traces_prunable");
  expect(first).not.toContain(SORTED);
});

test("the newest trace of an age is found by an index, and nothing else is looked at", async () => {
  const plans = await plansOf(({ traces }) => traces.surplus({ before: 5 }));
  expect(plans).toEqual(["SEARCH traces USING COVERING INDEX traces_start (start_us<?)"]);
});

test("children of many runs are looked up in their index, not compared with each of these", async () => {
  const parents = Array.from({ length: 500 }, (_, index) => `'${index}'`).join(", ");
  const children = ({ runs }: Entities) =>
    runs.search({
      ...page,
      experimentIds: [],
      lifecycle: "all",
      where: parseFilter("run", `parentRunId IN (${parents})`),
    });
  expect((await plansOf(children)).join()).toContain("SEARCH t USING INDEX runs_parent");
});
