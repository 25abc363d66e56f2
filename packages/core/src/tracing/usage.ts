import type { TokenUsage } from "@rivulet/domain";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Counts = Mutable<TokenUsage>;

const FIELDS = [
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWrite1hTokens",
  "reasoningTokens",
  "audioInputTokens",
  "audioOutputTokens",
  "imageInputTokens",
  "imageOutputTokens",
] as const satisfies readonly (keyof TokenUsage)[];

/** Counts above this are none: no model reads so much. */
export const MAX_TOKENS = 1_000_000_000_000;
/** US dollars above this are a mistake: no call costs so much, and sums of such are not numbers any more. */
export const MAX_COST = 1_000_000_000;

/** Whether a value can be a number of tokens, or of anything that is counted with them: whole, from 0 to {@link MAX_TOKENS}. */
export function isTokenCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TOKENS;
}

/**
 * Usage with counts that can be, parts inside their totals, and a total. Some providers count cached input, or
 * thinking, beside the input and the output: these are added to them, but never beyond the total that was reported.
 * Parts that are still too large were summed over the chunks of a stream that repeats them, and are made to fit.
 */
export function normalizeUsage(usage: TokenUsage): TokenUsage {
  const counts = readCounts(usage);
  const { cacheWriteTokens: written, cacheWrite1hTokens: hour } = counts;
  if (hour !== undefined) {
    counts.cacheWriteTokens = written ?? hour;
    counts.cacheWrite1hTokens = Math.min(hour, counts.cacheWriteTokens);
  }
  addApart(counts, "inputTokens", ["cacheReadTokens", "cacheWriteTokens"]);
  addApart(counts, "outputTokens", ["reasoningTokens"]);
  addThinking(counts);
  fit(counts, "inputTokens", ["cacheReadTokens", "cacheWriteTokens", "cacheWrite1hTokens"]);
  fit(counts, "inputTokens", ["audioInputTokens", "imageInputTokens"]);
  fit(counts, "outputTokens", ["reasoningTokens", "audioOutputTokens", "imageOutputTokens"]);
  const sum = (counts.inputTokens ?? 0) + (counts.outputTokens ?? 0);
  // What the provider did not count stays absent, instead of being 0.
  if (sum > (counts.totalTokens ?? 0)) counts.totalTokens = sum;
  return counts;
}

function readCounts(usage: TokenUsage): Counts {
  const counts: Counts = {};
  for (const field of FIELDS) {
    const count = usage[field];
    if (isTokenCount(count)) counts[field] = count;
  }
  return counts;
}

type Whole = "inputTokens" | "outputTokens";

/** Parts that stand beside their whole are added to it: they are more than it, or just what the total has besides. */
function addApart(counts: Counts, whole: Whole, parts: readonly (keyof TokenUsage)[]): void {
  const sum = sumOf(counts, parts);
  if (sum === 0) return;
  const known = counts[whole] ?? 0;
  const room = unexplained(counts) ?? Number.POSITIVE_INFINITY;
  if (room === sum || (sum > known && room > sum)) counts[whole] = known + sum;
  else if (counts[whole] === undefined) counts[whole] = Math.max(0, room);
}

/** What only the total shows was thought. */
function addThinking(counts: Counts): void {
  const { inputTokens, outputTokens, reasoningTokens = 0 } = counts;
  const thought = unexplained(counts) ?? 0;
  if (inputTokens === undefined || outputTokens === undefined) return;
  if (thought <= 0 || reasoningTokens > 0) return;
  counts.outputTokens = outputTokens + thought;
  counts.reasoningTokens = thought;
}

/** Tokens of the reported total that are neither input nor output. */
function unexplained({
  totalTokens,
  inputTokens = 0,
  outputTokens = 0,
}: TokenUsage): number | undefined {
  return totalTokens === undefined ? undefined : totalTokens - inputTokens - outputTokens;
}

/** Divides parts that are more than their whole by how often the whole was at least counted. */
function fit(counts: Counts, whole: Whole, parts: readonly (keyof TokenUsage)[]): void {
  const most = counts[whole];
  const sum = sumOf(counts, parts);
  if (most === undefined || sum <= most) return;
  for (const part of parts) {
    const count = counts[part];
    if (count !== undefined) counts[part] = Math.floor(count / Math.ceil(sum / most));
  }
}

/** The hour's writes are part of all writes. */
function sumOf(counts: Counts, parts: readonly (keyof TokenUsage)[]): number {
  return parts.reduce(
    (sum, part) => sum + (part === "cacheWrite1hTokens" ? 0 : (counts[part] ?? 0)),
    0,
  );
}
