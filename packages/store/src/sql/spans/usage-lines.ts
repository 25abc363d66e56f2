import { FEE_TYPES, type SpanSkeleton, type SpanType, type Uncounted } from "@rivulet/domain";
import type { Insert, Row, Sql, SqlValue } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { number, optionalText, text } from "../values.ts";
import { keyOf } from "./span-batch.ts";
import type { KnownSpan } from "./span-merge.ts";
import { spanTimes } from "./spans-of-trace.ts";
import type { TraceSummary } from "./trace-summary.ts";

/** What identifies a span. */
export interface SpanKey {
  readonly traceId: string;
  readonly id: string;
}

/** Key of a span → what the batch makes of it. */
export type Batch = ReadonlyMap<string, KnownSpan>;
/** The traces of the batch that were there before. */
export type KnownTraces = ReadonlyMap<string, TraceSummary>;

/** A span, in the batch or stored, as far as usage below it is concerned. */
export interface Link extends SpanKey {
  /** Where its line goes on; absent at its end. */
  readonly above: SpanKey | undefined;
  /** Its own usage, and that of all below it, is a scorer's. */
  readonly isJudge: boolean;
}

/** Where a span stands, and what it is. */
type Placed = SpanKey & {
  readonly [K in "parentId" | "uncounted"]?: SpanSkeleton[K] | undefined;
} & Pick<SpanSkeleton, "type">;

/** What is below a span on its lines. */
interface Line {
  /** Fees only: none of it is told again above. */
  readonly isFee: boolean;
}

/** What was known of it before. */
interface StoredLine extends Line {
  /** It is a scorer's. */
  readonly isJudged: boolean;
}

/** A span that has some with usage or fees below it. */
interface FreshLine extends SpanKey, Line {
  /** The next spans down those lines, by their keys. */
  readonly below: Map<string, SpanKey>;
}

/**
 * The lines from spans with usage or fees up to a scorer, or to the highest span that is known or named. Their spans
 * need not be stored yet.
 */
export interface UsageLines {
  /** Spans that were known to be above usage or fees, as far as they matter here. */
  readonly stored: Map<string, StoredLine>;
  /** What the batch adds. */
  readonly fresh: Map<string, FreshLine>;
  /** Stored spans that a line of the batch goes through. */
  readonly passed: Link[];
}

/** Columns of `spans s` that say where a span stands, and what it is. */
export const PLACE_COLUMNS = "s.trace_id, s.id, s.parent_id, s.type, s.uncounted";

const LINE: Insert = {
  table: "usage_above",
  columns: ["trace_id", "span_id", "fee", "below_id", "judged"],
  conflict: { key: [], update: [] },
};

/** A row with usage comes before those with fees, which may have been there before it. Read by {@link lineIn}. */
const lineAt = (span: string): string =>
  `(SELECT a.fee * 2 + a.judged FROM usage_above a WHERE a.trace_id = ${span} ORDER BY a.fee LIMIT 1)`;

/** Whether a span has usage or cost. */
export function hasUsage({ fields: { usage, cost } }: KnownSpan): boolean {
  return usage !== undefined || cost !== undefined;
}

/** Whether some span below has usage, other than a fee, as far as is known. */
export function isAboveUsage(lines: UsageLines, name: string): boolean {
  return wasAboveUsage(lines, name) || lines.fresh.get(name)?.isFee === false;
}

/** Whether that was known before the batch. */
export function wasAboveUsage({ stored }: UsageLines, name: string): boolean {
  return stored.get(name)?.isFee === false;
}

/** A line ends at a scorer: what its models cost is not repeated above it. A span that names itself has no parent. */
export function linkOf({ traceId, id, parentId, type, uncounted }: Placed): Link {
  const isEnd = type === "evaluator" || parentId === undefined || parentId === id;
  return {
    traceId,
    id,
    above: isEnd ? undefined : { traceId, id: parentId },
    isJudge: type === "evaluator" || uncounted === "judge",
  };
}

/** Draws the lines of a batch, in it and through what is stored: those of usage first, so that fees stop at them. */
export async function drawLines(sql: Sql, batch: Batch, known: KnownTraces): Promise<UsageLines> {
  const lines: UsageLines = {
    stored: await loadLines(sql, batch, known),
    fresh: new Map(),
    passed: [],
  };
  for (const isFee of [false, true]) await climbAll(sql, { batch, known, lines, isFee });
  return lines;
}

/** How lines of one kind are drawn. */
interface Climbing extends Line {
  readonly batch: Batch;
  readonly known: KnownTraces;
  readonly lines: UsageLines;
}

async function climbAll(sql: Sql, climbing: Climbing): Promise<void> {
  const { batch, known, lines, isFee } = climbing;
  const isStart = ([name, span]: readonly [string, KnownSpan]): boolean => {
    const own = hasUsage(span) && isFeeOnly(span) === isFee;
    return own || lines.stored.get(name)?.isFee === isFee;
  };
  let starts = [...batch].filter(isStart).map(([, { fields }]) => linkOf(fields));
  while (starts.length > 0) {
    const left = starts.flatMap((start) => climb(start, climbing) ?? []);
    const ofKnown = left.filter(({ traceId }) => known.has(traceId));
    const passed = await storedAbove(sql, ofKnown, climbing);
    starts = passed.flatMap((link) => goOn(link, climbing));
  }
}

/** What a tool or a search costs without tokens is a fee of its own. */
function isFeeOnly({ fields: { usage, type } }: KnownSpan): boolean {
  return usage === undefined && FEE_TYPES.has(type);
}

/** Draws a line through the batch. Returns the first span above it that is not in it, unless a line is there already. */
function climb(start: Link, climbing: Climbing): SpanKey | undefined {
  let link = start;
  while (link.above !== undefined) {
    const { above } = link;
    if (!draw(above, link, climbing)) return undefined;
    const span = climbing.batch.get(keyOf(above));
    if (span === undefined) return above;
    link = linkOf(span.fields);
  }
  return undefined;
}

/** Draws a line through a stored span; where it comes back to the batch, that is where it goes on. */
function goOn(link: Link, climbing: Climbing): readonly Link[] {
  const { batch, lines } = climbing;
  if (batch.has(keyOf(link))) return [];
  lines.passed.push(link);
  if (link.above === undefined) return [];
  const isNew = draw(link.above, link, climbing);
  const span = batch.get(keyOf(link.above));
  return isNew && span !== undefined ? [linkOf(span.fields)] : [];
}

/** Whether no line went through the span above before; usage goes on where there were only fees. */
function draw(above: SpanKey, { traceId, id }: SpanKey, { lines, isFee }: Climbing): boolean {
  const name = keyOf(above);
  const { stored, fresh } = lines;
  const isNew = !isAboveUsage(lines, name) && !(isFee && (stored.has(name) || fresh.has(name)));
  const line = fresh.get(name) ?? { ...above, isFee, below: new Map() };
  line.below.set(keyOf({ traceId, id }), { traceId, id });
  fresh.set(name, line);
  return isNew;
}

/** Writes the lines of a batch; `judged` has the spans below a scorer. */
export async function saveLines(
  sql: Sql,
  { fresh }: UsageLines,
  judged: ReadonlySet<string>,
): Promise<void> {
  const rows = [...fresh].flatMap(([name, { traceId, id, isFee, below }]) =>
    [...below.values()].map((next) => [
      traceId,
      id,
      Number(isFee),
      next.id,
      Number(judged.has(name)),
    ]),
  );
  await sql.insert(LINE, rows);
}

/** Of the batch's spans, and of the spans right above them: those with something below, and what that is. */
async function loadLines(
  sql: Sql,
  batch: Batch,
  known: KnownTraces,
): Promise<Map<string, StoredLine>> {
  const keys = new Map<string, SpanKey>();
  for (const { fields } of batch.values()) {
    for (const key of [fields, linkOf(fields).above]) {
      if (key !== undefined && known.has(key.traceId)) keys.set(keyOf(key), key);
    }
  }
  const rows = await inChunks([...keys.values()], (part) =>
    sql.all(
      `WITH k (trace_id, id) AS (VALUES ${pairs(part)})
       SELECT k.trace_id, k.id, ${lineAt("k.trace_id AND a.span_id = k.id")} AS line FROM k`,
      valuesOf(part),
    ),
  );
  const found = rows.filter((row) => row["line"] !== null);
  return new Map(found.map((row) => [keyOf(keyIn(row)), lineIn(row)]));
}

/** A row of {@link lineAt}. */
function lineIn(row: Row): StoredLine {
  const line = number(row, "line");
  return { isFee: line >= 2, isJudged: line % 2 === 1 };
}

/** The spans that may be stored, and those above them up to a line that is there: one query however high it is. */
async function storedAbove(
  sql: Sql,
  below: readonly SpanKey[],
  { known, lines, isFee }: Climbing,
): Promise<readonly Link[]> {
  const times = spanTimes([...known.values()]);
  const columns = `${PLACE_COLUMNS}, ${lineAt("s.trace_id AND a.span_id = s.parent_id")}`;
  const isOpen = isFee ? "up.line IS NULL" : "(up.line IS NULL OR up.line >= 2)";
  const rows = await inChunks(below, (part) =>
    sql.all(
      `WITH RECURSIVE up (trace_id, id, parent_id, type, uncounted, line) AS (
         SELECT ${columns} FROM spans s
         WHERE (s.trace_id, s.id) IN (VALUES ${pairs(part)}) AND s.start_us BETWEEN ? AND ?
         UNION
         SELECT ${columns} FROM up JOIN spans s ON s.trace_id = up.trace_id AND s.id = up.parent_id
           AND s.start_us BETWEEN ? AND ?
         WHERE up.type <> 'evaluator' AND ${isOpen})
       SELECT * FROM up`,
      [...valuesOf(part), ...times, ...times],
    ),
  );
  return rows.map((row) => {
    const link = storedLink(row);
    if (link.above !== undefined && row["line"] !== null)
      lines.stored.set(keyOf(link.above), lineIn(row));
    return link;
  });
}

/** A row of {@link PLACE_COLUMNS}. */
export function storedLink(row: Row): Link {
  const parentId = optionalText(row, "parent_id");
  const type = text(row, "type") as SpanType;
  const uncounted = optionalText(row, "uncounted") as Uncounted | undefined;
  return linkOf({ ...keyIn(row), parentId, type, uncounted });
}

/** The key in a row with columns `trace_id` and `id`. */
export function keyIn(row: Row): SpanKey {
  return { traceId: text(row, "trace_id"), id: text(row, "id") };
}

/** Places for keys in a list of VALUES. */
export function pairs(keys: readonly SpanKey[]): string {
  return keys.map(() => "(?, ?)").join(", ");
}

/** What stands at those places. */
export function valuesOf(keys: readonly SpanKey[]): readonly SqlValue[] {
  return keys.flatMap(({ traceId, id }) => [traceId, id]);
}
