import type { Rivulet } from "@rivulet/core";
import { EXPERIMENT_ID, OTHER_ID, WEEK_AGO } from "../fill-store.ts";
import type { Question } from "./question.ts";

const within = { experimentIds: [EXPERIMENT_ID] };
const traces =
  (query: Parameters<Rivulet["traces"]["search"]>[0]): Question["ask"] =>
  (rivulet) =>
    rivulet.traces.search({ ...within, limit: 50, ...query });
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

/** What is asked about traces. */
export const TRACE_QUESTIONS: readonly Question[] = [
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
      isText: true,
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
    isText: true,
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
