import type { TokenUsage } from "@rivulet/domain";
import type { ModelPrice } from "./prices.ts";

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
