import { reportedParts, type TokenUsage } from "@rivulet/core";
import { type Fields, fieldOf, fieldsOf, numberOf } from "./read-value.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Counts = Mutable<Record<keyof TokenUsage, unknown>>;

/**
 * Usage as the SDK's events, providers of specification 3 and 4, and older providers write it; `undefined`
 * when nothing was counted. Counts are as they were given: the span refuses, and reports, those that are none.
 *
 * @param own what the provider itself said of its usage, which knows kinds of tokens that the SDK does not
 */
export function toTokenUsage(usage: unknown, own?: unknown): TokenUsage | undefined {
  const given = fieldsOf(usage);
  if (given === undefined) return undefined;
  const said = known({ ...inputOf(given), ...outputOf(given) });
  const some = Object.entries(said).filter(([, count]) => count !== 0);
  const counts = known({
    totalTokens: given["totalTokens"] ?? given["tokens"],
    ...said,
    ...reportedParts(own ?? given["raw"]),
    ...Object.fromEntries(some),
    ...countedApart(given, own),
  });
  return Object.keys(counts).length === 0 ? undefined : (counts as TokenUsage);
}

function known(counts: Partial<Counts>): Partial<Counts> {
  const those = Object.entries(counts).filter(([, count]) => count !== undefined && count !== null);
  return Object.fromEntries(those);
}

/** Tokens of an embedding call, which are all input. */
export function toEmbeddingUsage(usage: unknown): TokenUsage | undefined {
  const tokens = numberOf(fieldOf(usage, "tokens"));
  return tokens === undefined ? undefined : { inputTokens: tokens, totalTokens: tokens };
}

function inputOf(given: Fields): Partial<Counts> {
  const input = given["inputTokens"];
  const counted = fieldsOf(input);
  if (counted !== undefined) {
    return {
      inputTokens: counted["total"],
      cacheReadTokens: counted["cacheRead"],
      cacheWriteTokens: counted["cacheWrite"],
    };
  }
  const details = given["inputTokenDetails"];
  return {
    inputTokens: input,
    cacheReadTokens: fieldOf(details, "cacheReadTokens") ?? given["cachedInputTokens"],
    cacheWriteTokens: fieldOf(details, "cacheWriteTokens"),
  };
}

function outputOf(given: Fields): Partial<Counts> {
  const output = given["outputTokens"];
  const counted = fieldsOf(output);
  if (counted !== undefined) {
    return { outputTokens: counted["total"], reasoningTokens: counted["reasoning"] };
  }
  const details = given["outputTokenDetails"];
  return {
    outputTokens: output,
    reasoningTokens: fieldOf(details, "reasoningTokens") ?? given["reasoningTokens"],
  };
}

/**
 * Anthropic counts what its cache read and wrote beside the input, and the SDK's version 5 hands that on, with a total
 * that lacks them.
 */
function countedApart(given: Fields, own: unknown): Partial<Counts> {
  const input = numberOf(given["inputTokens"]);
  if (input === undefined) return {};
  const read = numberOf(fieldOf(own, "cache_read_input_tokens")) ?? 0;
  const written = numberOf(fieldOf(own, "cache_creation_input_tokens")) ?? 0;
  if (read + written > 0 && fieldOf(own, "input_tokens") === input) {
    return {
      inputTokens: input + read + written,
      cacheReadTokens: read,
      cacheWriteTokens: written,
      totalTokens: undefined,
    };
  }
  const cached = numberOf(given["cachedInputTokens"]) ?? 0;
  return cached > input ? { totalTokens: undefined } : {};
}
