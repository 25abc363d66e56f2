import type { TokenUsage } from "@rivulet/core";
import { numberOf, parsed } from "./span-attributes.ts";
import { usageOf } from "./usage-counts.ts";

type Part = Exclude<keyof TokenUsage, "inputTokens" | "outputTokens" | "totalTokens">;

/** What Langfuse's SDKs call the parts of input and output. */
const PARTS: readonly (readonly [name: RegExp, part: Part])[] = [
  [/^(?:input_)?(?:cached|cache_read)(?:_input)?(?:_tokens)?$/, "cacheReadTokens"],
  [/^(?:input_)?cache_(?:creation|write)(?:_input)?(?:_tokens)?$/, "cacheWriteTokens"],
  [/^input_ephemeral_1h_input_tokens$/, "cacheWrite1hTokens"],
  [/^input_audio(?:_tokens)?$/, "audioInputTokens"],
  [/^input_image(?:_tokens)?$/, "imageInputTokens"],
  [/^output_reasoning(?:_tokens)?$/, "reasoningTokens"],
  [/^output_audio(?:_tokens)?$/, "audioOutputTokens"],
  [/^output_image(?:_tokens)?$/, "imageOutputTokens"],
];
/** Buckets of the input and of the output. What the cache keeps for how long is in another one already. */
const INPUT = /^input(?!_tokens$|_ephemeral)(?:_|$)|^cache_(?:read|creation)_input_tokens$/;
const OUTPUT = /^output(?!_tokens$)(?:_|$)/;

/**
 * The counts of Langfuse's `usage_details`: `input` and `output` are what their parts, such as `input_cached_tokens`,
 * leave. Where the total says so, the parts are inside them. `undefined` when there are none.
 */
export function langfuseUsage(details: unknown): TokenUsage | undefined {
  const known = usageOf(details);
  const counts = countsOf(details);
  const { input, output = 0, total } = Object.fromEntries(counts);
  const [inputs, outputs] = [sumOf(counts, INPUT), sumOf(counts, OUTPUT)];
  const isInside = total !== undefined && total === (input ?? 0) + output;
  const parts = counts.flatMap(([name, count]) => {
    const [, part] = PARTS.find(([pattern]) => pattern.test(name)) ?? [];
    return part === undefined ? [] : [[part, count] as const];
  });
  if (parts.length === 0 || input === undefined) return known;
  const whole = isInside
    ? {}
    : { inputTokens: total === undefined ? inputs : total - outputs, outputTokens: outputs };
  return { ...known, ...Object.fromEntries(parts), ...whole };
}

function countsOf(details: unknown): readonly (readonly [name: string, count: number])[] {
  if (typeof details !== "object" || details === null) return [];
  return Object.entries(details).flatMap(([name, value]) => {
    const count = numberOf(parsed(value));
    return count === undefined || !Number.isInteger(count) || count < 0 ? [] : [[name, count]];
  });
}

function sumOf(counts: ReturnType<typeof countsOf>, bucket: RegExp): number {
  return counts.reduce((sum, [name, count]) => sum + (bucket.test(name) ? count : 0), 0);
}
