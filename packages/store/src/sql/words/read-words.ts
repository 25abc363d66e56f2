import type { Database, Row } from "../database.ts";
import { listIn } from "../search/text-list.ts";
import { placeholders, text } from "../values.ts";
import { createWordSet, type WordSet } from "./word-set.ts";

/** A trace whose words are read. */
export interface ReadTrace {
  readonly id: string;
  /** Start times of its spans, in microseconds. */
  readonly firstSpanUs: number;
  readonly lastSpanUs: number;
}

/** Rows read at once: a body may have a megabyte. */
const PAGE = 128;

/** Trace → all words that a search would find in it. Read in small steps, each a snapshot of its own. */
export async function readWords(
  database: Database,
  traces: readonly ReadTrace[],
): Promise<ReadonlyMap<string, WordSet>> {
  const sets = new Map(traces.map(({ id }) => [id, createWordSet()]));
  await readPages(database, sets, spanTexts(database, traces));
  await readPages(database, sets, MESSAGES);
  return sets;
}

/** Rows with a `trace_id` and another key column called `place`. */
interface Source {
  /** What is read from `x`, with its FROM; ends with a WHERE. */
  readonly select: string;
  /** The other key column. */
  readonly key: string;
  readonly values: readonly number[];
  textsOf(row: Row): readonly string[];
}

function spanTexts({ dialect }: Database, traces: readonly ReadTrace[]): Source {
  // As JSON: text with NUL is returned completely by every database.
  const names = dialect.json.list(
    "c.name",
    "FROM (SELECT x.name AS name UNION ALL SELECT x.status_message AS name) c",
  );
  return {
    select: `SELECT x.trace_id, x.id AS place, x.body, ${names} AS names FROM spans x
      WHERE x.start_us BETWEEN ? AND ?`,
    key: "id",
    values: [
      traces.reduce((first, { firstSpanUs }) => Math.min(first, firstSpanUs), Infinity),
      traces.reduce((last, { lastSpanUs }) => Math.max(last, lastSpanUs), -Infinity),
    ],
    textsOf: (row) => [text(row, "body"), ...listIn(row, "names")],
  };
}

const MESSAGES: Source = {
  select: `SELECT x.trace_id, x.hash AS place, b.body FROM blob_refs x JOIN blobs b ON b.hash = x.hash
    WHERE TRUE`,
  key: "hash",
  values: [],
  textsOf: (row) => [text(row, "body")],
};

type Sets = ReadonlyMap<string, WordSet>;

async function readPages(database: Database, sets: Sets, source: Source): Promise<void> {
  let ids: readonly string[] = [...sets.keys()].sort();
  let after: readonly string[] = [];
  while (ids.length > 0) {
    const rows = await readPage(database, source, { ids, after });
    for (const row of rows) addWords(sets, row, source);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    const lastId = text(last, "trace_id");
    after = [lastId, text(last, "place")];
    // Nothing more is read of what is finished or full.
    ids = ids.filter((id) => id > lastId || (id === lastId && sets.get(id)?.isFull === false));
  }
}

interface PageStart {
  readonly ids: readonly string[];
  /** The key of the row before it; empty at the start. */
  readonly after: readonly string[];
}

function readPage(
  database: Database,
  { select, key, values }: Source,
  { ids, after }: PageStart,
): Promise<readonly Row[]> {
  const behind = after.length === 0 ? "" : ` AND (x.trace_id, x.${key}) > (?, ?)`;
  return database.all(
    `${select} AND x.trace_id IN (${placeholders(ids)})${behind} ORDER BY x.trace_id, x.${key} LIMIT ?`,
    [...values, ...ids, ...after, PAGE],
  );
}

function addWords(sets: Sets, row: Row, { textsOf }: Source): void {
  const set = sets.get(text(row, "trace_id"));
  if (set === undefined || set.isFull) return;
  for (const found of textsOf(row)) set.add(found);
}
