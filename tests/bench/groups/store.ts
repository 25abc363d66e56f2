import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Rivulet } from "@rivulet/core";
import { catchUpRate } from "../catch-up.ts";
import { openBenchClient } from "../client.ts";
import { atLeast, atMost, type Figure, shown } from "../figure.ts";
import { EXPERIMENT_ID, fillStore, SPANS_PER_TRACE, WEEK_AGO } from "../fill-store.ts";
import type { Measure } from "../group.ts";
import { median } from "../rounds.ts";
import { bytesPerRun } from "../run-size.ts";

/** What people ask of a store, beside the statement that could not be better. */
interface Question {
  readonly name: string;
  ask(rivulet: Rivulet): Promise<unknown>;
  /** The same by one statement, given the best index there could be. */
  readonly floor: string;
  readonly values?: readonly SQLInputValue[];
  /** Made on the file for the floor's sake where the store itself has none. */
  readonly index?: string;
}

const ROUNDS = 31;
const within = { experimentIds: [EXPERIMENT_ID] };
const traces =
  (query: Parameters<Rivulet["traces"]["search"]>[0]): Question["ask"] =>
  (rivulet) =>
    rivulet.traces.search({ ...within, limit: 50, ...query });
const runs =
  (query: Parameters<Rivulet["runs"]["search"]>[0]): Question["ask"] =>
  (rivulet) =>
    rivulet.runs.search({ ...within, limit: 50, ...query });
const OWN = `t.experiment_id = '${EXPERIMENT_ID}'`;
const NEWEST = "ORDER BY t.start_us DESC, t.id DESC LIMIT 51";
/** Rows that an index names, sorted: one statement's way to what is rare. */
const among = (ids: string): string =>
  `SELECT t.* FROM (SELECT DISTINCT id FROM (${ids})) d CROSS JOIN traces t ON t.id = d.id WHERE ${OWN} ${NEWEST}`;

/** With the texts of their spans: a word is looked for in them, not in the index alone. */
const withTexts = (rows: string): string =>
  `SELECT r.*, (SELECT json_group_array(s.body) FROM spans s WHERE s.trace_id = r.id) FROM (${rows}) r`;

const QUESTIONS: readonly Question[] = [
  {
    name: "newest 50 traces",
    ask: traces({}),
    floor: `SELECT t.* FROM traces t WHERE ${OWN} ${NEWEST}`,
  },
  {
    name: "runs by metric and param, by metric",
    ask: runs({
      filter: "metrics.m1 > 0.9 AND params.p1 = '0.7'",
      orderBy: ["metrics.m1 DESC"],
    }),
    floor: `SELECT t.* FROM metrics v CROSS JOIN runs t ON t.inner_id = v.run
      WHERE v.key = (SELECT id FROM run_keys WHERE kind = 'metric' AND key = 'm1')
      AND v.value > 0.9 AND t.lifecycle_stage = 'active' AND EXISTS (SELECT 1 FROM params p WHERE p.run = v.run
      AND p.key = (SELECT id FROM run_keys WHERE kind = 'param' AND key = 'p1') AND p.value = '0.7')
      ORDER BY v.value DESC, v.run DESC LIMIT 51`,
  },
  ...[
    {
      name: "span name",
      filter: "span.name = 'step 777x'",
      ids: "SELECT trace_id AS id FROM spans WHERE substr(name, 1, 200) = 'step 777x'",
    },
    {
      name: "span model",
      filter: "span.model = 'none'",
      ids: "SELECT trace_id AS id FROM spans WHERE substr(model, 1, 200) = 'none' AND model IS NOT NULL",
    },
    {
      name: "tag",
      filter: "tags.request = 'none'",
      ids: "SELECT owner AS id FROM tags WHERE entity = 'trace' AND key = 'request' AND value = 'none'",
    },
    {
      name: "user",
      filter: "userId = 'none'",
      ids: "SELECT id FROM traces WHERE substr(user_id, 1, 200) = 'none' AND user_id IS NOT NULL",
    },
    {
      name: "session",
      filter: "sessionId = 'none'",
      ids: "SELECT id FROM traces WHERE session_id = 'none'",
    },
  ].map(
    ({ name, filter, ids }): Question => ({
      name: `${name}, absent`,
      ask: traces({ filter }),
      floor: among(ids),
    }),
  ),
  {
    name: "user of 1 in 1,000",
    ask: traces({ filter: "userId = 'u7'" }),
    floor: among(
      "SELECT id FROM traces WHERE substr(user_id, 1, 200) = 'u7' AND user_id IS NOT NULL",
    ),
  },
  {
    name: "session",
    ask: traces({ filter: "sessionId = 's7'" }),
    floor: among("SELECT id FROM traces WHERE session_id = 's7'"),
  },
  {
    name: "tag of 1 in 10",
    ask: traces({ filter: "tags.team = 't3'" }),
    floor: `SELECT t.* FROM traces t WHERE ${OWN} AND EXISTS (SELECT 1 FROM tags v WHERE v.entity = 'trace'
      AND v.owner = t.id AND v.key = 'team' AND v.value = 't3') ${NEWEST}`,
  },
  {
    name: "span type, absent",
    ask: traces({ filter: "span.type = 'guardrail'" }),
    floor: among("SELECT trace_id AS id FROM spans WHERE type = 'guardrail'"),
    index: "CREATE INDEX floor_type ON spans (type, trace_id)",
  },
  {
    name: "prompt, absent",
    ask: traces({ filter: "prompt = 'none'" }),
    floor: among("SELECT id FROM traces WHERE prompts -> '$[0].name' = '\"none\"'"),
    index: "CREATE INDEX floor_prompt ON traces (prompts -> '$[0].name', id)",
  },
  {
    name: "longest first",
    ask: traces({ orderBy: ["durationMs DESC"] }),
    floor: `SELECT t.* FROM traces t WHERE ${OWN} ORDER BY ((t.end_us - t.start_us) / 1000.0) DESC, t.id DESC LIMIT 51`,
  },
  ...["never", "seldom"].map(
    (word): Question => ({
      name: `text, ${word === "never" ? "absent" : "in 1 of 1,000"}`,
      ask: traces({ filter: `text MATCH '${word}'` }),
      floor: withTexts(
        among(
          `SELECT d.trace_id AS id FROM trace_words w CROSS JOIN trace_docs d ON d.doc = w.rowid WHERE w.trace_words MATCH '${word}'`,
        ),
      ),
    }),
  ),
  {
    name: "text, everywhere",
    ask: traces({ filter: "text MATCH 'often'" }),
    floor: withTexts(`SELECT t.* FROM traces t WHERE ${OWN} AND EXISTS (SELECT 1 FROM spans s
      WHERE s.trace_id = t.id AND s.body LIKE '%often%') ${NEWEST}`),
  },
  {
    name: "count of a week",
    ask: (rivulet) => rivulet.traces.count({ ...within, filter: `startTime > ${WEEK_AGO}` }),
    floor: `SELECT COUNT(*) FROM traces t WHERE ${OWN} AND t.start_us > ?`,
    values: [WEEK_AGO * 1_000],
  },
];

/** Milliseconds of one call, in the middle of many. */
async function timeOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) await work();
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return median(times);
}

/** Lists against the best statement on the same file. One hop to the worker and back is taken off, and shown. */
export const measure: Measure = async ({ traces: count }) => {
  await using client = await openBenchClient();
  const { rivulet, file } = client;
  fillStore(file, count);
  // A store that nothing is written to looks for work seldom.
  rivulet.startSpan("last", { parent: null }).end();
  await rivulet.flush();
  const indexed = SPANS_PER_TRACE * (await catchUpRate(file));
  // What the store does by itself once it has been idle.
  using database = new DatabaseSync(file);
  database.exec("PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002");
  const hop = await timeOf(() => rivulet.traces.find("none"));
  const size = `${count} traces of ${SPANS_PER_TRACE} spans`;
  const figures: Figure[] = [
    shown(`store: a hop, with ${size}`, { value: hop, unit: "ms" }),
    atLeast(20_000, "store: words indexed", { value: indexed, unit: "spans/s" }),
  ];
  for (const question of QUESTIONS) {
    const asked = await timeOf(() => question.ask(rivulet));
    if (question.index !== undefined) database.exec(question.index);
    const statement = database.prepare(question.floor);
    const floor = await timeOf(() => statement.all(...(question.values ?? [])));
    figures.push(
      atMost(3, `store: ${question.name}`, {
        value: Math.max(0, asked - hop) / floor,
        unit: "x",
        detail: `${asked.toFixed(2)} ms / ${floor.toFixed(3)} ms`,
      }),
    );
  }
  figures.push(await bytesPerRun());
  return figures;
};
