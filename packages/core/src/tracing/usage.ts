import type { TokenUsage } from "@rivulet/domain";
import type { ModelPrice } from "./prices.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

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

/**
 * Usage with finite counts, parts inside their totals, and a total. Parts larger than their total can only
 * stand beside it (some providers count cached input apart), and are added to it.
 */
export function normalizeUsage(usage: TokenUsage): TokenUsage {
  const result: Mutable<TokenUsage> = {};
  for (const field of FIELDS) {
    const count = usage[field];
    if (typeof count === "number" && Number.isFinite(count) && count >= 0) result[field] = count;
  }
  contain(result, "inputTokens", (result.cacheReadTokens ?? 0) + (result.cacheWriteTokens ?? 0));
  contain(result, "outputTokens", result.reasoningTokens ?? 0);
  const sum = (result.inputTokens ?? 0) + (result.outputTokens ?? 0);
  // What the provider did not count stays absent, instead of being 0.
  if (sum > (result.totalTokens ?? 0)) result.totalTokens = sum;
  return result;
}

function contain(
  usage: Mutable<TokenUsage>,
  total: "inputTokens" | "outputTokens",
  parts: number,
): void {
  const known = usage[total] ?? 0;
  if (parts > known) usage[total] = known + parts;
}

/** US dollars of one call; `undefined` when the usage says nothing. */
export function costOf(usage: TokenUsage, price: ModelPrice): number | undefined {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const read = usage.cacheReadTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const plain = Math.max(0, (inputTokens ?? 0) - read - written);
  const dollars =
    plain * price.input +
    read * (price.cacheRead ?? price.input) +
    written * (price.cacheWrite ?? price.input) +
    (outputTokens ?? 0) * price.output;
  return dollars / 1_000_000;
}
