import type { TokenUsage } from "@rivulet/core";
import { type Fields, fieldOf, fieldsOf, numberOf } from "./read-value.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Usage as the SDK's events, providers of specification 3 and 4, and older providers write it; `undefined`
 * when nothing was counted.
 */
export function toTokenUsage(usage: unknown): TokenUsage | undefined {
  const given = fieldsOf(usage);
  if (given === undefined) return undefined;
  const result: Mutable<TokenUsage> = {};
  readInput(result, given);
  readOutput(result, given);
  put(result, "totalTokens", given["totalTokens"] ?? given["tokens"]);
  return Object.keys(result).length === 0 ? undefined : result;
}

/** Tokens of an embedding call, which are all input. */
export function toEmbeddingUsage(usage: unknown): TokenUsage | undefined {
  const tokens = numberOf(fieldOf(usage, "tokens"));
  return tokens === undefined ? undefined : { inputTokens: tokens, totalTokens: tokens };
}

function readInput(result: Mutable<TokenUsage>, given: Fields): void {
  const input = given["inputTokens"];
  const counted = fieldsOf(input);
  if (counted !== undefined) {
    put(result, "inputTokens", counted["total"]);
    put(result, "cacheReadTokens", counted["cacheRead"]);
    put(result, "cacheWriteTokens", counted["cacheWrite"]);
    return;
  }
  const details = given["inputTokenDetails"];
  put(result, "inputTokens", input);
  put(result, "cacheReadTokens", fieldOf(details, "cacheReadTokens") ?? given["cachedInputTokens"]);
  put(result, "cacheWriteTokens", fieldOf(details, "cacheWriteTokens"));
}

function readOutput(result: Mutable<TokenUsage>, given: Fields): void {
  const output = given["outputTokens"];
  const counted = fieldsOf(output);
  if (counted !== undefined) {
    put(result, "outputTokens", counted["total"]);
    put(result, "reasoningTokens", counted["reasoning"]);
    return;
  }
  const details = given["outputTokenDetails"];
  put(result, "outputTokens", output);
  put(result, "reasoningTokens", fieldOf(details, "reasoningTokens") ?? given["reasoningTokens"]);
}

function put(result: Mutable<TokenUsage>, name: keyof TokenUsage, value: unknown): void {
  const count = numberOf(value);
  if (count !== undefined) result[name] = count;
}
