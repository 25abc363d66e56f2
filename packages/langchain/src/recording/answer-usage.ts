import type { TokenUsage } from "@rivulet/core";
import { fieldsOf } from "../runs/read-fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What an answer took, as far as the model says. */
export interface AnswerUsage {
  /** Counts as they were given: the span refuses, and reports, those that are none. */
  readonly usage: TokenUsage | undefined;
  /** US dollars that a gateway says it charged. */
  readonly cost: number | undefined;
}

/** What a model reports at its end, besides its answers. */
export interface ReportedUsage {
  /** The messages of its answers. */
  readonly messages: readonly unknown[];
  /** What is said of the call as a whole: `{ tokenUsage }`. */
  readonly llmOutput: unknown;
}

/** Reads what LangChain's messages, or the model, say of tokens and costs. */
export function readAnswerUsage({ messages, llmOutput }: ReportedUsage): AnswerUsage {
  const message = fieldsOf(messages.find((said) => isThere(fieldsOf(said)["usage_metadata"])));
  const metadata = fieldsOf(
    message["response_metadata"] ?? fieldsOf(messages[0])["response_metadata"],
  );
  // What the provider said itself, before LangChain counted it.
  const own = fieldsOf(metadata["usage"] ?? fieldsOf(llmOutput)["usage"]);
  const counted = message["usage_metadata"];
  return {
    usage: isThere(counted) ? fromMessage(fieldsOf(counted), own) : fromModel(fieldsOf(llmOutput)),
    cost: costIn(own["cost"]) ?? costIn(metadata["cost"]),
  };
}

/** The details are parts of their totals, so they are never added. */
function fromMessage(usage: Fields, own: Fields): TokenUsage {
  const input = fieldsOf(usage["input_token_details"]);
  const output = fieldsOf(usage["output_token_details"]);
  const written = fieldsOf(own["cache_creation"]);
  return reportedTokens({
    inputTokens: usage["input_tokens"],
    outputTokens: usage["output_tokens"],
    totalTokens: usage["total_tokens"],
    cacheReadTokens: input["cache_read"],
    cacheWriteTokens: input["cache_creation"],
    cacheWrite1hTokens: some(
      input["ephemeral_1h_input_tokens"] ?? written["ephemeral_1h_input_tokens"],
    ),
    reasoningTokens: output["reasoning"],
    audioInputTokens: some(input["audio"]),
    audioOutputTokens: some(output["audio"]),
    imageInputTokens: some(input["image"]),
    imageOutputTokens: some(output["image"]),
  });
}

function fromModel(llmOutput: Fields): TokenUsage | undefined {
  const usage = fieldsOf(llmOutput["tokenUsage"] ?? llmOutput["estimatedTokenUsage"]);
  const tokens = reportedTokens({
    inputTokens: usage["promptTokens"],
    outputTokens: usage["completionTokens"],
    totalTokens: usage["totalTokens"],
  });
  return Object.keys(tokens).length === 0 ? undefined : tokens;
}

/** A kind of tokens that most calls have none of is left out where there are none. */
function some(count: unknown): unknown {
  return count === 0 ? undefined : count;
}

function reportedTokens(counts: Readonly<Partial<Record<keyof TokenUsage, unknown>>>): TokenUsage {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => isThere(count)));
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A number, a number as text, or Perplexity's list of costs with their sum. */
function costIn(given: unknown): number | undefined {
  const cost = typeof given === "object" ? fieldsOf(given)["total_cost"] : given;
  const dollars = typeof cost === "string" && cost !== "" ? Number(cost) : cost;
  return typeof dollars === "number" && dollars >= 0 ? dollars : undefined;
}
