import type { Uncounted } from "@rivulet/domain";
import { PARTS, USAGE_FIELDS } from "@rivulet/domain/entities";
import type { Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { columnOf } from "../kit/declared-table.ts";
import { findJudged } from "./judged-usage.ts";
import { keyOf } from "./span-batch.ts";
import { type KnownSpan, storedSpan } from "./span-merge.ts";
import { toSkeleton } from "./span-rows.ts";
import { spanTimes } from "./spans-of-trace.ts";
import { countSpan } from "./trace-summary.ts";
import {
  drawLines,
  hasUsage,
  isAboveUsage,
  type KnownTraces,
  pairs,
  type SpanKey,
  saveLines,
  type UsageLines,
  valuesOf,
  wasAboveUsage,
} from "./usage-lines.ts";
import { findRings } from "./usage-rings.ts";

const COLUMNS = Object.keys(PARTS.span.columns)
  .map((field) => columnOf(PARTS.span, field))
  .join(", ");
const HAS_USAGE = `COALESCE(${[...USAGE_FIELDS, "cost"]
  .map((field) => columnOf(PARTS.span, field))
  .join(", ")}) IS NOT NULL`;

/**
 * Usage counts on the innermost span that has any: those above it, up to a scorer, repeat it. Fees (`FEE_TYPES`)
 * count besides: nothing repeats them. What is a scorer's, or below one, is counted apart. Marks the spans of the batch, and adds to it those that are stored and have to be
 * counted otherwise than so far. Spans come in any order, so the lines from usage upwards are remembered until what is
 * above comes. Returns the added ones as they were.
 */
export async function markUncounted(
  sql: Sql,
  batch: Map<string, KnownSpan>,
  known: KnownTraces,
): Promise<ReadonlyMap<string, KnownSpan>> {
  const lines = await drawLines(sql, batch, known);
  const rings = await findRings(sql, { batch, known, lines });
  const judged = await findJudged(sql, batch, lines);
  await saveLines(sql, lines, judged.all);
  const findings = { lines, rings, judged: judged.all };
  const isAtHand = (name: string): boolean =>
    batch.has(name) || lines.fresh.has(name) || rings.has(name);
  for (const [name, span] of batch) {
    const reason = reasonNow(name, findings);
    if (hasUsage(span) && span.fields.uncounted !== reason) batch.set(name, marked(span, reason));
  }
  await moveLate(sql, { keys: judged.late.filter((key) => !isAtHand(keyOf(key))), known });
  const keys = [...lines.fresh.values(), ...rings.values()];
  const others = keys.filter((key) => !batch.has(keyOf(key)) && isNews(keyOf(key), findings));
  const before = new Map<string, KnownSpan>();
  for (const span of await loadWithUsage(sql, others, known)) {
    const name = keyOf(span.fields);
    const reason = reasonThen(span, findings);
    if (span.fields.uncounted === reason) continue;
    before.set(name, span);
    batch.set(name, marked(span, reason));
  }
  return before;
}

interface Findings {
  readonly lines: UsageLines;
  readonly rings: ReadonlyMap<string, SpanKey>;
  readonly judged: ReadonlySet<string>;
}

/** Why a span of the batch does not count. */
function reasonNow(name: string, { lines, rings, judged }: Findings): Uncounted | undefined {
  // Spans in a ring repeat nothing.
  if (isAboveUsage(lines, name) && !rings.has(name)) return "repeated";
  return judged.has(name) ? "judge" : undefined;
}

/** Why a stored span does not count: it may be above usage by lines that were not looked up. */
function reasonThen({ fields }: KnownSpan, findings: Findings): Uncounted | undefined {
  const name = keyOf(fields);
  const isRepeated = fields.uncounted === "repeated";
  if (isRepeated && !findings.rings.has(name)) return "repeated";
  return reasonNow(name, findings) ?? (isRepeated ? undefined : fields.uncounted);
}

/** Whether more is known now of a stored span than before. */
function isNews(name: string, { lines, rings, judged }: Findings): boolean {
  const isRepeating = isAboveUsage(lines, name) && !wasAboveUsage(lines, name);
  return isRepeating || judged.has(name) || rings.has(name);
}

function marked({ fields, ...span }: KnownSpan, reason: Uncounted | undefined): KnownSpan {
  const { uncounted: _before, ...counted } = fields;
  return { ...span, fields: reason === undefined ? counted : { ...counted, uncounted: reason } };
}

/** Counts stored spans as a scorer's from now on. They may be many, so their bodies are left where they are. */
async function moveLate(
  sql: Sql,
  { keys, known }: { readonly keys: readonly SpanKey[]; readonly known: KnownTraces },
): Promise<void> {
  const times = spanTimes([...known.values()]);
  await inChunks(keys, async (part) => {
    const counted = `(trace_id, id) IN (VALUES ${pairs(part)}) AND start_us BETWEEN ? AND ?
      AND uncounted IS NULL AND ${HAS_USAGE}`;
    const values = [...valuesOf(part), ...times];
    const rows = await sql.all(`SELECT ${COLUMNS} FROM spans WHERE ${counted}`, values);
    for (const before of rows.map(toSkeleton)) {
      const summary = known.get(before.traceId);
      if (summary !== undefined) countSpan(summary, { ...before, uncounted: "judge" }, before);
    }
    await sql.run(`UPDATE spans SET uncounted = 'judge' WHERE ${counted}`, values);
    return [];
  });
}

/** Those that are stored and have usage. */
async function loadWithUsage(
  sql: Sql,
  keys: readonly SpanKey[],
  known: KnownTraces,
): Promise<readonly KnownSpan[]> {
  const times = spanTimes([...known.values()]);
  const rows = await inChunks(
    keys.filter(({ traceId }) => known.has(traceId)),
    (part) =>
      sql.all(
        `SELECT * FROM spans WHERE (trace_id, id) IN (VALUES ${pairs(part)}) AND start_us BETWEEN ? AND ?
         AND ${HAS_USAGE}`,
        [...valuesOf(part), ...times],
      ),
  );
  return rows.map(storedSpan);
}
