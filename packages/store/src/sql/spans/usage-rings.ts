import type { Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { keyOf } from "./span-batch.ts";
import { spanTimes } from "./spans-of-trace.ts";
import {
  type Batch,
  type KnownTraces,
  type Link,
  linkOf,
  PLACE_COLUMNS,
  pairs,
  type SpanKey,
  storedLink,
  type UsageLines,
  valuesOf,
} from "./usage-lines.ts";

/** Key of a span → the span above it; `undefined` where its line ends. */
type Above = Map<string, SpanKey | undefined>;

/**
 * The spans that are above themselves, of those that the lines of the batch go through: each of them would repeat the
 * usage of all, and none would count. A span of the batch may close a ring of spans that are stored with lines, so what
 * is above it is looked up.
 */
export async function findRings(
  sql: Sql,
  { batch, known, lines }: { batch: Batch; known: KnownTraces; lines: UsageLines },
): Promise<ReadonlyMap<string, SpanKey>> {
  const links = [...batch.values()].map(({ fields }) => linkOf(fields));
  const above: Above = new Map(
    [...lines.passed, ...links].map((link) => [keyOf(link), link.above]),
  );
  const closing = links.filter((link) => known.has(link.traceId) && lines.stored.has(keyOf(link)));
  let ends = endsAbove(closing, above);
  while (ends.length > 0) {
    for (const end of ends) above.set(keyOf(end), undefined);
    for (const link of await linksFrom(sql, ends, known)) {
      const isEnd = above.get(keyOf(link)) === undefined && !batch.has(keyOf(link));
      if (isEnd) above.set(keyOf(link), link.above);
    }
    ends = endsAbove(closing, above);
  }
  return ringsIn([...lines.passed, ...links], above);
}

/** Where the lines above these stop being known. */
function endsAbove(from: readonly Link[], above: Above): readonly SpanKey[] {
  const ends = new Map<string, SpanKey>();
  const seen = new Set<string>();
  for (const start of from) {
    let next = start.above;
    while (next !== undefined && !seen.has(keyOf(next))) {
      const name = keyOf(next);
      seen.add(name);
      if (!above.has(name)) ends.set(name, next);
      next = above.get(name);
    }
  }
  return [...ends.values()];
}

function ringsIn(from: readonly Link[], above: Above): ReadonlyMap<string, SpanKey> {
  const rings = new Map<string, SpanKey>();
  const done = new Set<string>();
  for (const start of from) {
    const path = new Map<string, SpanKey>();
    let next: SpanKey | undefined = start;
    while (next !== undefined && !done.has(keyOf(next))) {
      done.add(keyOf(next));
      path.set(keyOf(next), next);
      next = above.get(keyOf(next));
    }
    if (next === undefined || !path.has(keyOf(next))) continue;
    const names = [...path.keys()];
    for (const name of names.slice(names.indexOf(keyOf(next)))) {
      const key = path.get(name);
      if (key !== undefined) rings.set(name, key);
    }
  }
  return rings;
}

/** These spans, as far as they are stored, and all above them: one query however high it is. */
function linksFrom(
  sql: Sql,
  from: readonly SpanKey[],
  known: KnownTraces,
): Promise<readonly Link[]> {
  const times = spanTimes([...known.values()]);
  return inChunks(from, async (part) => {
    const rows = await sql.all(
      `WITH RECURSIVE up (trace_id, id, parent_id, type, uncounted) AS (
         SELECT ${PLACE_COLUMNS} FROM spans s
         WHERE (s.trace_id, s.id) IN (VALUES ${pairs(part)}) AND s.start_us BETWEEN ? AND ?
         UNION
         SELECT ${PLACE_COLUMNS} FROM up JOIN spans s ON s.trace_id = up.trace_id AND s.id = up.parent_id
           AND s.start_us BETWEEN ? AND ?
         WHERE up.type <> 'evaluator')
       SELECT * FROM up`,
      [...valuesOf(part), ...times, ...times],
    );
    return rows.map(storedLink);
  });
}
