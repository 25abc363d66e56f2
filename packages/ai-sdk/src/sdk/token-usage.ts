import type { TokenUsage } from "@rivulet/core";
import { type Fields, fieldOf, fieldsOf, listOf, numberOf } from "./read-value.ts";

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
  const details = ownDetails(own ?? given["raw"]);
  const counts: Partial<Counts> = {
    ...inputOf(given),
    ...outputOf(given),
    totalTokens: given["totalTokens"] ?? given["tokens"],
    ...details,
    ...countedApart(given, own),
  };
  const known = Object.entries(counts).filter(([, count]) => count !== undefined && count !== null);
  return known.length === 0 ? undefined : (Object.fromEntries(known) as TokenUsage);
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

/** Audio, images and the hour's cache, as OpenAI, Google and Anthropic count them. */
function ownDetails(own: unknown): Partial<Counts> {
  if (fieldsOf(own) === undefined) return {};
  const input = fieldOf(own, "prompt_tokens_details") ?? fieldOf(own, "input_tokens_details");
  const output = fieldOf(own, "completion_tokens_details") ?? fieldOf(own, "output_tokens_details");
  const [read, written] = [
    fieldOf(own, "promptTokensDetails"),
    fieldOf(own, "candidatesTokensDetails"),
  ];
  return {
    cacheWrite1hTokens: some(fieldOf(fieldOf(own, "cache_creation"), "ephemeral_1h_input_tokens")),
    audioInputTokens: some(fieldOf(input, "audio_tokens") ?? ofModality(read, "AUDIO")),
    imageInputTokens: some(fieldOf(input, "image_tokens") ?? ofModality(read, "IMAGE")),
    audioOutputTokens: some(fieldOf(output, "audio_tokens") ?? ofModality(written, "AUDIO")),
    imageOutputTokens: some(fieldOf(output, "image_tokens") ?? ofModality(written, "IMAGE")),
  };
}

function ofModality(details: unknown, modality: string): unknown {
  return fieldOf(
    listOf(details).find((detail) => fieldOf(detail, "modality") === modality),
    "tokenCount",
  );
}

/** A kind of tokens that most calls have none of is left out where there are none. */
function some(count: unknown): unknown {
  return count === 0 ? undefined : count;
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
