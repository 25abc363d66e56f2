import { statSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { catchUpRate } from "../catch-up.ts";
import { openBenchClient } from "../client.ts";
import { atLeast, atMost, type Figure, shown } from "../figure.ts";
import { EXPERIMENT_ID, fillStore, OTHER_ID, SPANS_PER_TRACE, WEEK_AGO } from "../fill-store.ts";
import type { Measure } from "../group.ts";
import { bytesPerRun } from "../run-size.ts";
import { largeArtifact } from "../store/large-artifact.ts";
import { otherCosts } from "../store/other-costs.ts";
import { sizes } from "../store/sizes.ts";
import { timeOf, timesOf } from "../store/time-of.ts";

/** What people ask of a store, beside the statement that could not be better. */
interface Question {
  readonly name: string;
  ask(rivulet: Rivulet, pageToken?: string): Promise<unknown>;
  /** Finds the page that is asked for. */
  before?(rivulet: Rivulet): Promise<string | undefined>;
  /** The same by one statement, given the best index there could be. */
  readonly floor: string;
  readonly values?: readonly SQLInputValue[];
  /** What is found, or counted, grows with the store. @default false */
  readonly grows?: boolean;
  /** Made on the file for the floor's sake where the store itself has none. */
  readonly index?: string;
}

const WARM_UP = 500;
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
/** Where the last 51 traces begin. */
async function lastPage(rivulet: Rivulet): Promise<string | undefined> {
  const count = await rivulet.traces.count(within);
  let pageToken: string | undefined;
  for (let left = count - 51; left > 0; ) {
    const query = { ...within, limit: Math.min(left, 1_000) };
    const page = await rivulet.traces.search(
      pageToken === undefined ? query : { ...query, pageToken },
    );
    left -= query.limit;
    pageToken = page.nextPageToken;
  }
  return pageToken;
}

const QUESTIONS: readonly Question[] = [
  {
    name: "newest 50 traces",
    ask: traces({}),
    floor: `SELECT t.* FROM traces t WHERE ${OWN} ${NEWEST}`,
  },
  {
    name: "newest 50 traces of all experiments",
    ask: traces({ experimentIds: [] }),
    floor: `SELECT t.* FROM traces t ${NEWEST}`,
  },
  {
    name: "newest 50 traces of two experiments",
    ask: traces({ experimentIds: [EXPERIMENT_ID, OTHER_ID] }),
    // Among these two, the index of all experiments is the best there could be.
    floor: `SELECT t.* FROM traces t WHERE +t.experiment_id IN ('${EXPERIMENT_ID}', '${OTHER_ID}') ${NEWEST}`,
  },
  {
    name: "last page of traces",
    before: lastPage,
    ask: (rivulet, pageToken = "") => rivulet.traces.search({ ...within, limit: 50, pageToken }),
    floor: `SELECT t.* FROM traces t WHERE ${OWN} ORDER BY t.start_us, t.id LIMIT 51`,
  },
  {
    name: "runs by metric and param, by metric",
    grows: true,
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
    grows: true,
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
    name: "longest first, of all experiments",
    ask: traces({ experimentIds: [], orderBy: ["durationMs DESC"] }),
    floor:
      "SELECT t.* FROM traces t ORDER BY ((t.end_us - t.start_us) / 1000.0) DESC, t.id DESC LIMIT 51",
  },
  {
    name: "count of a week",
    grows: true,
    ask: (rivulet) => rivulet.traces.count({ ...within, filter: `startTime > ${WEEK_AGO}` }),
    floor: `SELECT COUNT(*) FROM traces t WHERE ${OWN} AND t.start_us > ?`,
    values: [WEEK_AGO * 1_000],
  },
];

/** One question at one size. */
interface Answer {
  readonly question: Question;
  readonly asked: number;
  readonly floor: number;
}

interface Measured {
  readonly hop: number;
  readonly answers: readonly Answer[];
  /** Of what has no floor. */
  readonly others: readonly Figure[];
}

async function measureAt(count: number): Promise<Measured> {
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
  const figures = [
    atLeast(20_000, "store: words indexed", { value: indexed, unit: "spans/s" }),
    ...sizes(database),
  ];
  const hop = await timeOf(() => rivulet.traces.find("none"));
  // The worker that searches starts with the first search, and is compiled by many.
  await timesOf(() => traces({})(rivulet), WARM_UP);
  const answers: Answer[] = [];
  for (const question of QUESTIONS) {
    const pageToken = await question.before?.(rivulet);
    const asked = await timeOf(() => question.ask(rivulet, pageToken));
    if (question.index !== undefined) database.exec(question.index);
    const statement = database.prepare(question.floor);
    const floor = await timeOf(() => statement.all(...(question.values ?? [])));
    answers.push({ question, asked, floor });
  }
  const others = [...(await otherCosts(rivulet)), ...figures];
  await rivulet.close();
  others.push(await opening(file));
  return { hop, answers, others };
}

/** From nothing to the first answer. */
async function opening(file: string): Promise<Figure> {
  const begun = performance.now();
  await using rivulet = createRivulet({ store: `sqlite:${file}` });
  await rivulet.traces.find("none");
  return atMost(100, "store: opening the file, and a first answer", {
    value: performance.now() - begun,
    unit: "ms",
    detail: `${(statSync(file).size / 1e6).toFixed(0)} MB`,
  });
}

/** Lists against the best statement on the same file. One hop to the worker and back is taken off, and shown. */
export const measure: Measure = async ({ traces: count }) => {
  const tenth = await measureAt(Math.ceil(count / 10));
  const whole = await measureAt(count);
  const size = `${count} traces of ${SPANS_PER_TRACE} spans`;
  return [
    shown(`store: a hop, with ${size}`, { value: whole.hop, unit: "ms" }),
    ...whole.answers.map(({ question, asked, floor }) =>
      atMost(3, `store: ${question.name}`, {
        value: Math.max(0, asked - whole.hop) / floor,
        unit: "x",
        detail: `${asked.toFixed(2)} ms / ${floor.toFixed(3)} ms`,
      }),
    ),
    ...whole.answers.map(({ question, asked }, index) => {
      const name = `store: ${question.name}, against a tenth of the traces`;
      const value = asked / (tenth.answers[index]?.asked ?? Number.NaN);
      return question.grows === true
        ? shown(name, { value, unit: "x" })
        : atMost(2, name, { value, unit: "x" });
    }),
    ...whole.others.map((figure, index) => withSmaller(figure, tenth.others[index])),
    await bytesPerRun(),
    await largeArtifact(),
  ];
};

/** A figure with the one at a tenth of the size beside it. */
function withSmaller({ detail, ...figure }: Figure, smaller: Figure | undefined): Figure {
  const there = `${smaller?.value} ${smaller?.unit} at a tenth of the traces`;
  return { ...figure, detail: detail === undefined ? there : `${detail}; ${there}` };
}
