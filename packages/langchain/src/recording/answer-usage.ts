import { reportedApart, reportedCost, reportedParts, type TokenUsage } from "@rivulet/core";
import { fieldsOf } from "../runs/read-fields.ts";

type Fields = Readonly<Record<string, unknown>>;
type Counts = Readonly<Partial<Record<keyof TokenUsage, unknown>>>;

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
    usage: isThere(counted)
      ? { ...fromMessage(fieldsOf(counted), own), ...readByTools(metadata), ...reportedApart(own) }
      : (fromModel(fieldsOf(llmOutput)) ?? fromProvider(own)),
    cost: reportedCost(own) ?? reportedCost(metadata),
  };
}

/** What a chunk of a stream says of tokens. Most say nothing, and the first of Anthropic's the whole input. */
export function readChunkUsage(chunk: unknown): TokenUsage | undefined {
  const { message } = fieldsOf(chunk);
  if (!isThere(fieldsOf(message)["usage_metadata"])) return undefined;
  return readAnswerUsage({ messages: [message], llmOutput: undefined }).usage;
}

/**
 * The details are parts of their totals, so they are never added. Where a package hands on none, there may be some in
 * what the provider said itself.
 */
function fromMessage(usage: Fields, own: Fields): TokenUsage {
  const input = fieldsOf(usage["input_token_details"]);
  const output = fieldsOf(usage["output_token_details"]);
  const usual = {
    cacheReadTokens: input["cache_read"],
    cacheWriteTokens: input["cache_creation"],
    reasoningTokens: output["reasoning"],
  };
  const rare = {
    cacheWrite1hTokens: input["ephemeral_1h_input_tokens"],
    audioInputTokens: input["audio"],
    audioOutputTokens: output["audio"],
    imageInputTokens: input["image"],
    imageOutputTokens: output["image"],
  };
  return {
    ...reportedTokens({
      inputTokens: usage["input_tokens"],
      outputTokens: usage["output_tokens"],
      totalTokens: usage["total_tokens"],
      ...usual,
    }),
    ...reportedParts(own),
    ...withoutZeros({ ...usual, ...rare }),
  };
}

/** ChatGoogle counts thoughts as output: what only its total has, tools have read. */
function readByTools({ usageMetadata }: Fields): TokenUsage {
  const { input_tokens, output_tokens, total_tokens } = fieldsOf(usageMetadata);
  const inputTokens = Number(total_tokens) - Number(output_tokens);
  return inputTokens > Number(input_tokens) ? { inputTokens } : {};
}

function fromModel(llmOutput: Fields): TokenUsage | undefined {
  const usage = fieldsOf(llmOutput["tokenUsage"] ?? llmOutput["estimatedTokenUsage"]);
  return filled({
    inputTokens: usage["promptTokens"],
    outputTokens: usage["completionTokens"],
    totalTokens: usage["totalTokens"],
  });
}

/** As OpenAI and the many servers like it count: LangChain counts no stream whose chunks name no role. */
function fromProvider(own: Fields): TokenUsage | undefined {
  return filled({
    inputTokens: own["prompt_tokens"],
    outputTokens: own["completion_tokens"],
    totalTokens: own["total_tokens"],
    ...reportedParts(own),
  });
}

function filled(counts: Parameters<typeof reportedTokens>[0]): TokenUsage | undefined {
  const tokens = reportedTokens(counts);
  return Object.keys(tokens).length === 0 ? undefined : tokens;
}

/** A kind of tokens that most calls have none of is left out where there are none. */
function withoutZeros(counts: Counts): TokenUsage {
  const some = Object.entries(counts).filter(([, count]) => count !== 0);
  return reportedTokens(Object.fromEntries(some));
}

function reportedTokens(counts: Counts): TokenUsage {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => isThere(count)));
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}
