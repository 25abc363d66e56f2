import { parseFilter, parseOrder } from "@rivulet/core";
import { openDatabase } from "@rivulet/postgres/for-tests";
import type { Database } from "@rivulet/store/sql";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { type Entities, explained } from "../store/plans.ts";
import { aStoreUrl } from "./store-url.ts";

const TRACES = 20_000;
/** Rows as recording makes them, written by the database itself. */
const FILL = [
  `INSERT INTO traces (id, experiment_id, name, status, start_us, end_us, session_id, user_id, metadata, span_count,
     error_count, prompts, touched_us, first_span_us, last_span_us)
   SELECT md5(n::text), (n % 4)::text, 'request', CASE WHEN n % 500 = 0 THEN 'error' ELSE 'ok' END, n * 1000,
     n * 1000 + n * 7919 % 9973, 's' || n / 5, 'u' || n % 1000, '{}', 2, 0, '[]', n, n * 1000, n * 1000
   FROM generate_series(1, ${TRACES}) n`,
  `INSERT INTO spans (trace_id, id, experiment_id, name, type, status, start_us, model, body)
   SELECT md5(n::text), i::text, (n % 4)::text, 'step ' || n % 5000, 'llm', 'ok', n * 1000, 'model ' || n % 5000, '{}'
   FROM generate_series(1, ${TRACES}) n, generate_series(1, 2) i`,
  `INSERT INTO tags (entity, owner, key, value)
   SELECT 'trace', md5(n::text), 'request', 'r' || n FROM generate_series(1, ${TRACES}) n`,
  `INSERT INTO trace_prompts (trace_id, name, version)
   SELECT md5(n::text), 'p' || n % 1000, 1 FROM generate_series(1, ${TRACES}) n`,
  `INSERT INTO trace_span_types (trace_id, type)
   SELECT md5(n::text), 'llm' FROM generate_series(1, ${TRACES}) n`,
  `INSERT INTO runs (id, experiment_id, name, status, start_us, parent_run_id, lifecycle_stage)
   SELECT md5(n::text), (n % 4)::text, 'run', 'finished', n * 1000, md5((n / 5)::text), 'active'
   FROM generate_series(1, ${TRACES}) n`,
  "ANALYZE",
];

let url = "";

beforeAll(async () => {
  url = await aStoreUrl();
  const database = await openDatabase(url);
  for (const statement of FILL) await database.run(statement);
  await database.close();
}, 120_000);

async function plansOf(call: (entities: Entities) => Promise<unknown>): Promise<readonly string[]> {
  const database: Database = await openDatabase(url);
  onTestFinished(() => database.close());
  return explained(database, { call, explain: "EXPLAIN", column: "QUERY PLAN" });
}

const page = { limit: 50, where: [], order: [], lifecycle: "active" } as const;
const traces =
  (filter: string, order: readonly string[] = [], experimentIds: readonly string[] = ["1"]) =>
  ({ traces }: Entities) =>
    traces.search({
      ...page,
      experimentIds,
      where: parseFilter("trace", filter),
      order: parseOrder("trace", order),
    });
const runs =
  (filter: string, order: readonly string[] = [], experimentIds: readonly string[] = ["1"]) =>
  ({ runs }: Entities) =>
    runs.search({
      ...page,
      experimentIds,
      where: parseFilter("run", filter),
      order: parseOrder("run", order),
    });

test.each([
  ["traces of an experiment", traces(""), "traces_experiment"],
  ["traces of all experiments", traces("", [], []), "traces_start"],
  ["traces of several experiments", traces("", [], ["1", "2"]), "traces_experiment"],
  ["oldest traces", traces("", ["startTime ASC"]), "traces_experiment"],
  ["old traces", traces("startTime < 5"), "traces_experiment"],
  ["longest traces", traces("", ["durationMs DESC"]), "traces_duration"],
  ["longest traces of all experiments", traces("", ["durationMs DESC"], []), "traces_longest"],
  ["runs of an experiment", runs(""), "runs_experiment"],
  ["runs of all experiments", runs("", [], []), "runs_start"],
  ["oldest runs", runs("", ["startTime ASC"]), "runs_experiment"],
])("%s are walked in the order of an index", async (_, call, index) => {
  const [first = ""] = await plansOf(call);
  expect(first).toMatch(new RegExp(`Index (Only )?Scan (Backward )?using ${index} `));
  // The first rows of several experiments are merged; nothing is sorted.
  expect(first).not.toMatch(/Sort {2}|Seq Scan/);
});

test.each([
  ["user", traces("userId = 'u7'"), "traces_user_latest"],
  ["session", traces("sessionId = 's7'"), "traces_session"],
  ["status", traces("status = 'error'"), "traces_error"],
  ["id", traces(`id = '${"0".repeat(32)}'`), "traces_pkey"],
  ["span name", traces("span.name = 'step 7'"), "spans_name"],
  ["span model", traces("span.model = 'model 7'"), "spans_model"],
  ["span type", traces("span.type = 'tool'"), "trace_span_types_type"],
  ["prompt", traces("prompt = 'p7'"), "trace_prompts_name"],
  ["tag", traces("tags.request = 'r7'"), "tags_value"],
  ["user of some", traces("userId IN ('u7', 'u8')"), "traces_user_latest"],
  ["parent run", runs(`parentRunId = '${"0".repeat(32)}'`), "runs_parent"],
])(
  "what has a rare %s is found by an index, and nothing else is looked at",
  async (_, call, index) => {
    const plans = await plansOf(call);
    // To see that it is rare, and for its rows.
    for (const plan of plans.slice(0, 2)) {
      expect(plan).toContain(index);
      expect(plan).not.toContain("Seq Scan");
    }
  },
);
