import { reportedApart, reportedParts, type TokenUsage } from "@rivulet/core";
import { fieldsOf, numberOf, withoutNothing } from "../calls/read-value.ts";

/** What OpenAI's endpoints, and the many servers like them, count; `undefined` when it is nothing. */
export function readUsage(usage: unknown): TokenUsage | undefined {
  const given = fieldsOf(usage);
  const counts: TokenUsage = withoutNothing({
    inputTokens: numberOf(given["prompt_tokens"]) ?? numberOf(given["input_tokens"]),
    outputTokens: numberOf(given["completion_tokens"]) ?? numberOf(given["output_tokens"]),
    totalTokens: numberOf(given["total_tokens"]),
    ...reportedParts(usage),
    ...reportedApart(usage),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}
