import type { TokenUsage } from "@rivulet/core";
import { fieldOf, fieldsOf, numberOf } from "./read-value.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Usage as the SDK's events, providers of specification 3 and 4, and older providers write it; `undefined`
 * when nothing was counted.
 */
export function toTokenUsage(usage: unknown): TokenUsage | undefined {
  const given = fieldsOf(usage);
  if (given === undefined) return undefined;
  const { inputTokens: input, outputTokens: output } = given;
  const inputParts = fieldsOf(input) ?? fieldsOf(given["inputTokenDetails"]);
  const outputParts = fieldsOf(output) ?? fieldsOf(given["outputTokenDetails"]);
  const counts: readonly (readonly [keyof TokenUsage, unknown])[] = [
    ["inputTokens", fieldOf(input, "total") ?? input],
    ["outputTokens", fieldOf(output, "total") ?? output],
    ["totalTokens", given["totalTokens"] ?? given["tokens"]],
    [
      "cacheReadTokens",
      inputParts?.["cacheRead"] ?? inputParts?.["cacheReadTokens"] ?? given["cachedInputTokens"],
    ],
    ["cacheWriteTokens", inputParts?.["cacheWrite"] ?? inputParts?.["cacheWriteTokens"]],
    [
      "reasoningTokens",
      outputParts?.["reasoning"] ?? outputParts?.["reasoningTokens"] ?? given["reasoningTokens"],
    ],
  ];
  return collect(counts);
}

/** Tokens of an embedding call, which are all input. */
export function toEmbeddingUsage(usage: unknown): TokenUsage | undefined {
  const tokens = numberOf(fieldOf(usage, "tokens"));
  return tokens === undefined ? undefined : { inputTokens: tokens, totalTokens: tokens };
}

function collect(
  counts: readonly (readonly [keyof TokenUsage, unknown])[],
): TokenUsage | undefined {
  const result: Mutable<TokenUsage> = {};
  let found = false;
  for (const [name, value] of counts) {
    const count = numberOf(value);
    if (count === undefined) continue;
    result[name] = count;
    found = true;
  }
  return found ? result : undefined;
}
