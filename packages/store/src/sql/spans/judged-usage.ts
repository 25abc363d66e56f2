import type { Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { keyOf } from "./span-batch.ts";
import {
  type Batch,
  keyIn,
  linkOf,
  pairs,
  type SpanKey,
  type UsageLines,
  valuesOf,
} from "./usage-lines.ts";

/** What a batch says about scorers. */
export interface Judged {
  /** Keys of the batch's spans, and of those that its lines go through, that are a scorer's or below one. */
  readonly all: ReadonlySet<string>;
  /** Those that were stored with lines, and were not known to be a scorer's. */
  readonly late: readonly SpanKey[];
}

/**
 * Finds out what is a scorer's: all below it down the lines. The scorer, or a span between it and usage, may come last:
 * then the lines that are stored are followed down, and are known as a scorer's from then on, so that none is followed
 * twice.
 */
export async function findJudged(sql: Sql, batch: Batch, lines: UsageLines): Promise<Judged> {
  const all = new Set<string>();
  const late = new Map<string, SpanKey>();
  let found = knownJudged(batch, lines);
  while (found.length > 0) {
    const turned = followDown(found, lines, all);
    const below = await storedBelow(sql, turned);
    for (const key of below) late.set(keyOf(key), key);
    found = below.filter((key) => !all.has(keyOf(key)));
  }
  await keepJudged(sql, [...late.values()]);
  return { all, late: [...late.values()] };
}

/** Scorers and what is marked as theirs, and spans that the store knows as theirs. */
function knownJudged(batch: Batch, { stored, fresh, passed }: UsageLines): readonly SpanKey[] {
  const links = [...batch.values()].map(({ fields }) => linkOf(fields));
  const known = [...fresh]
    .filter(([name]) => stored.get(name)?.isJudged === true)
    .map(([, key]) => key);
  return [...[...links, ...passed].filter(({ isJudge }) => isJudge), ...known];
}

/** Follows the lines of the batch. Returns the spans from which stored lines go on that are not known as a scorer's. */
function followDown(
  from: readonly SpanKey[],
  { stored, fresh }: UsageLines,
  judged: Set<string>,
): readonly SpanKey[] {
  const turned: SpanKey[] = [];
  const left = [...from];
  for (let key = left.pop(); key !== undefined; key = left.pop()) {
    const name = keyOf(key);
    if (judged.has(name)) continue;
    judged.add(name);
    if (stored.get(name)?.isJudged === false) turned.push(key);
    left.push(...(fresh.get(name)?.below.values() ?? []));
  }
  return turned;
}

/** These, and all below them down the stored lines, as far as they are not known as a scorer's. */
function storedBelow(sql: Sql, from: readonly SpanKey[]): Promise<readonly SpanKey[]> {
  return inChunks(from, async (part) => {
    const rows = await sql.all(
      `WITH RECURSIVE down (trace_id, id) AS (
         SELECT a.trace_id, a.span_id FROM usage_above a
         WHERE (a.trace_id, a.span_id) IN (VALUES ${pairs(part)}) AND a.judged = 0
         UNION
         SELECT a.trace_id, a.below_id FROM down
           JOIN usage_above a ON a.trace_id = down.trace_id AND a.span_id = down.id AND a.judged = 0)
       SELECT trace_id, id FROM down`,
      valuesOf(part),
    );
    return rows.map(keyIn);
  });
}

async function keepJudged(sql: Sql, keys: readonly SpanKey[]): Promise<void> {
  await inChunks(keys, async (part) => {
    await sql.run(
      `UPDATE usage_above SET judged = 1 WHERE (trace_id, span_id) IN (VALUES ${pairs(part)})`,
      valuesOf(part),
    );
    return [];
  });
}
