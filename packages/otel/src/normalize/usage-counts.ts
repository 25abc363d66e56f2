import type { TokenUsage } from "@rivulet/core";
import { isCount, numberOf, type SpanAttributes } from "./span-attributes.ts";

/** What products call the counts of a usage, the more exact names first. Dots stand for objects in objects. */
const NAMES: Readonly<Record<keyof TokenUsage, readonly string[]>> = {
  inputTokens: [
    "inputTokens",
    "input_tokens",
    "promptTokens",
    "prompt_tokens",
    "prompt",
    "input",
    "prompt_token_count",
    "promptTokenCount",
    "inputTokens.total",
  ],
  outputTokens: [
    "outputTokens",
    "output_tokens",
    "completionTokens",
    "completion_tokens",
    "completion",
    "output",
    "candidates_token_count",
    "candidatesTokenCount",
    "outputTokens.total",
  ],
  totalTokens: [
    "totalTokens",
    "total_tokens",
    "total",
    "total_token_count",
    "totalTokenCount",
    "tokens",
  ],
  cacheReadTokens: [
    "cacheReadTokens",
    "cache_read.input_tokens",
    "cache_read_input_tokens",
    "cache_read_tokens",
    "cachedInputTokens",
    "cached_input_tokens",
    "cached_tokens",
    "input_cached_tokens",
    "cacheReadInputTokens",
    "inputTokenDetails.cacheReadTokens",
    "input_token_details.cache_read",
    "input_tokens_details.cached_tokens",
    "prompt_tokens_details.cached_tokens",
    "prompt_cached_tokens",
    "prompt_details.cache_read",
    "details.cache_read_tokens",
    "details.cache_read_input_tokens",
    "cachedContentTokens",
    "cached_content_token_count",
    "cachedContentTokenCount",
  ],
  cacheWriteTokens: [
    "cacheWriteTokens",
    "cache_write.input_tokens",
    "cache_creation.input_tokens",
    "cache_creation_input_tokens",
    "cache_write_tokens",
    "cacheWriteInputTokens",
    "inputTokenDetails.cacheWriteTokens",
    "input_token_details.cache_creation",
    "input_tokens_details.cache_write_tokens",
    "prompt_details.cache_write",
    "prompt_cache_creation_tokens",
    "details.cache_write_tokens",
    "details.cache_creation_input_tokens",
  ],
  cacheWrite1hTokens: [
    "cacheWrite1hTokens",
    "cache_creation.ephemeral_1h_input_tokens",
    "input_token_details.ephemeral_1h_input_tokens",
  ],
  reasoningTokens: [
    "reasoningTokens",
    "reasoning.output_tokens",
    "reasoning_tokens",
    "reasoning_output_tokens",
    "outputTokenDetails.reasoningTokens",
    "output_token_details.reasoning",
    "output_tokens_details.reasoning_tokens",
    "completion_tokens_details.reasoning_tokens",
    "completion_details.reasoning",
    "completion_reasoning_tokens",
    "details.reasoning_tokens",
    "details.thoughts_tokens",
    "thoughtsTokens",
    "thoughts_token_count",
    "thoughtsTokenCount",
  ],
  audioInputTokens: [
    "audioInputTokens",
    "audio.input_tokens",
    "audio_input_tokens",
    "prompt_details.audio",
    "prompt_audio_tokens",
    "prompt_tokens_details.audio_tokens",
    "input_token_details.audio",
    "input_token_details.audio_tokens",
    "input_tokens_details.audio_tokens",
  ],
  audioOutputTokens: [
    "audioOutputTokens",
    "audio.output_tokens",
    "audio_output_tokens",
    "completion_details.audio",
    "completion_audio_tokens",
    "completion_tokens_details.audio_tokens",
    "output_token_details.audio",
    "output_token_details.audio_tokens",
    "output_tokens_details.audio_tokens",
  ],
  imageInputTokens: [
    "imageInputTokens",
    "image.input_tokens",
    "prompt_tokens_details.image_tokens",
    "input_token_details.image",
    "input_tokens_details.image_tokens",
  ],
  imageOutputTokens: [
    "imageOutputTokens",
    "image.output_tokens",
    "completion_tokens_details.image_tokens",
    "output_token_details.image",
    "output_tokens_details.image_tokens",
  ],
};

type Counts = { -readonly [K in keyof TokenUsage]: TokenUsage[K] | undefined };

const FIELDS = Object.keys(NAMES) as readonly (keyof TokenUsage)[];

interface Place {
  readonly field: keyof TokenUsage;
  /** Where it stands among the names of its field. */
  readonly rank: number;
}

/** Name → what it counts. */
const PLACES: ReadonlyMap<string, Place> = new Map(
  FIELDS.flatMap((field) => NAMES[field].map((name, rank) => [name, { field, rank }] as const)),
);

/** The counts of a usage that is written as single attributes. `undefined` when there are none. */
export function readUsage(attributes: SpanAttributes, prefix: string): TokenUsage | undefined {
  const usage: Counts = {};
  for (const { field, name } of placesOf(attributes, prefix)) {
    attributes.drop(name);
    usage[field] ??= numberOf(attributes.peek(name));
  }
  return Object.keys(usage).length === 0 ? undefined : (usage as TokenUsage);
}

/** The counts that are there, the more exact names first. */
function placesOf(
  attributes: SpanAttributes,
  prefix: string,
): readonly (Place & { readonly name: string })[] {
  const places: (Place & { readonly name: string })[] = [];
  for (const name of attributes.names) {
    const place = name.startsWith(prefix) ? PLACES.get(name.slice(prefix.length)) : undefined;
    if (place !== undefined && attributes.hasCount(name)) places.push({ ...place, name });
  }
  return places.sort((a, b) => a.rank - b.rank);
}

/** Reads the counts of a usage that is an object, as the providers give them. `undefined` when there are none. */
export function usageOf(value: unknown): TokenUsage | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const usage: Counts = {};
  for (const field of FIELDS) {
    const count = firstCount(value, NAMES[field]);
    if (count !== undefined) usage[field] = count;
  }
  return Object.keys(usage).length === 0 ? undefined : (usage as TokenUsage);
}

function firstCount(value: object, names: readonly string[]): number | undefined {
  for (const name of names) {
    const count = numberOf(fieldAt(value, name));
    if (count !== undefined && isCount(count)) return count;
  }
  return undefined;
}

/** A field in fields, by a path with dots. */
export function fieldAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, name) => {
    const isObject = typeof inner === "object" && inner !== null;
    return isObject && Object.hasOwn(inner, name)
      ? (inner as Record<string, unknown>)[name]
      : undefined;
  }, value);
}

/** One usage with what another one knows besides. */
export function joinUsage(
  first: TokenUsage | undefined,
  second: TokenUsage | undefined,
): TokenUsage | undefined {
  return first === undefined || second === undefined ? (first ?? second) : { ...second, ...first };
}
