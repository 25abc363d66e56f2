import type { TokenUsage } from "@rivulet/core";
import { formatCount } from "../../format/numbers.ts";

/** All tokens of a call, as said or as the sum of input and output. */
export function totalTokens(usage: TokenUsage): number | undefined {
  const { inputTokens, outputTokens, totalTokens: total } = usage;
  if (total !== undefined) return total;
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return (inputTokens ?? 0) + (outputTokens ?? 0);
}

const PARTS: readonly (readonly [key: keyof TokenUsage, words: string])[] = [
  ["inputTokens", "in"],
  ["cacheReadTokens", "from cache"],
  ["cacheWriteTokens", "into cache"],
  ["cacheWrite1hTokens", "of it for an hour"],
  ["audioInputTokens", "audio in"],
  ["imageInputTokens", "images in"],
  ["outputTokens", "out"],
  ["reasoningTokens", "reasoning"],
  ["audioOutputTokens", "audio out"],
  ["imageOutputTokens", "images out"],
];

/** "120 in · 30 out · 12 reasoning". */
export function describeUsage(usage: TokenUsage): string {
  return PARTS.flatMap(([key, words]) => {
    const value = usage[key];
    return value === undefined ? [] : [`${formatCount(value)} ${words}`];
  }).join(" · ");
}
