import type { TokenUsage } from "@rivulet/domain";

/**
 * Where each count stands: in AI SDK's results from v3 (nested), in its v2 (flat), and in LangChain's
 * messages (snake case). The first that is a number counts.
 */
const PATHS: Readonly<Record<keyof TokenUsage, readonly string[]>> = {
  inputTokens: ["inputTokens.total", "inputTokens", "input_tokens"],
  outputTokens: ["outputTokens.total", "outputTokens", "output_tokens"],
  totalTokens: ["totalTokens", "total_tokens"],
  cacheReadTokens: ["inputTokens.cacheRead", "cachedInputTokens", "input_token_details.cache_read"],
  cacheWriteTokens: ["inputTokens.cacheWrite", "input_token_details.cache_creation"],
  cacheWrite1hTokens: ["input_token_details.ephemeral_1h_input_tokens"],
  reasoningTokens: ["outputTokens.reasoning", "reasoningTokens", "output_token_details.reasoning"],
  audioInputTokens: ["input_token_details.audio"],
  audioOutputTokens: ["output_token_details.audio"],
  imageInputTokens: ["input_token_details.image"],
  imageOutputTokens: ["output_token_details.image"],
};

/** A model's usage in Rivulet's terms; nothing when the model reports none. */
export function readUsage(usage: unknown): { readonly usage?: TokenUsage } {
  const counts = Object.entries(PATHS).flatMap(([name, paths]) => {
    const count = paths.map((path) => valueAt(usage, path)).find(isCount);
    return count === undefined ? [] : [[name, count] as const];
  });
  return counts.length === 0 ? {} : { usage: Object.fromEntries(counts) };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => property(inner, key), value);
}

function property(value: unknown, key: string): unknown {
  const isObject = typeof value === "object" && value !== null;
  return isObject ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
