import type { TokenUsage } from "@rivulet/core";
import { fieldOf, fieldsOf, numberOf, withoutNothing } from "../calls/read-value.ts";

/** What OpenAI's endpoints, and the many servers like them, count; `undefined` when it is nothing. */
export function readUsage(usage: unknown): TokenUsage | undefined {
  const given = fieldsOf(usage);
  const input =
    given["prompt_tokens_details"] ?? given["input_tokens_details"] ?? given["input_token_details"];
  const output = given["completion_tokens_details"] ?? given["output_tokens_details"];
  const counts: TokenUsage = withoutNothing({
    inputTokens: numberOf(given["prompt_tokens"]) ?? numberOf(given["input_tokens"]),
    outputTokens: numberOf(given["completion_tokens"]) ?? numberOf(given["output_tokens"]),
    totalTokens: numberOf(given["total_tokens"]),
    // DeepSeek counts its cache beside the details.
    cacheReadTokens:
      numberOf(fieldOf(input, "cached_tokens")) ?? numberOf(given["prompt_cache_hit_tokens"]),
    cacheWriteTokens: numberOf(fieldOf(input, "cache_write_tokens")),
    audioInputTokens: numberOf(fieldOf(input, "audio_tokens")),
    imageInputTokens: numberOf(fieldOf(input, "image_tokens")),
    reasoningTokens: numberOf(fieldOf(output, "reasoning_tokens")),
    audioOutputTokens: numberOf(fieldOf(output, "audio_tokens")),
    imageOutputTokens: numberOf(fieldOf(output, "image_tokens")),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}

/** US dollars, which OpenRouter and gateways like it say. */
export function readCost(usage: unknown): number | undefined {
  return numberOf(fieldOf(usage, "cost"));
}
