import type { SpanType, TokenUsage } from "@rivulet/core";
import type { Body, Convention, SpanView } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { toMessages, withInstructions } from "../conversation.ts";
import { settingsReader } from "../settings.ts";
import { parsed, type SpanAttributes } from "../span-attributes.ts";
import { afterSeconds } from "../times.ts";
import { joinUsage, readUsage, usageOf } from "../usage-counts.ts";

/** What spans do, by OpenTelemetry's names and those that others have added to them. */
const OPERATIONS: Readonly<Record<string, SpanType>> = {
  chat: "chat_model",
  generate_content: "chat_model",
  generate: "chat_model",
  llm_call: "chat_model",
  text_completion: "llm",
  completion: "llm",
  embeddings: "embedding",
  retrieval: "retriever",
  rerank: "reranker",
  execute_tool: "tool",
  create_agent: "agent",
  invoke_agent: "agent",
  invoke_workflow: "workflow",
  agent_step: "task",
  plan: "task",
  guard: "guardrail",
  "guardrail.run": "guardrail",
};
const MEMORY = /_memory(?:_store)?$/;

/** OpenTelemetry's conventions for generative AI, as they are now: messages with parts, as attributes. */
export const genAi: Convention = {
  name: "OpenTelemetry GenAI",
  roots: ["gen_ai", "openai"],
  read: {
    type({ attributes }) {
      const known = attributes.oneOf(OPERATIONS, "gen_ai.operation.name");
      if (known !== undefined) return known;
      return MEMORY.test(String(attributes.peek("gen_ai.operation.name"))) ? "memory" : undefined;
    },
    name: ({ attributes, type }) =>
      type === "tool" ? attributes.text("gen_ai.tool.name") : undefined,
    input: readInput,
    output: readOutput,
    tools: ({ attributes }) => attributes.json("gen_ai.tool.definitions"),
    model: ({ attributes }) => ({
      response: attributes.text("gen_ai.response.model"),
      request: attributes.text("gen_ai.request.model"),
    }),
    provider: ({ attributes }) => attributes.text("gen_ai.provider.name", "gen_ai.system"),
    usage: ({ attributes }) =>
      joinUsage(
        joinUsage(readUsage(attributes, "gen_ai.usage."), readTokenDetails(attributes)),
        usageOf(parsed(attributes.peek("gen_ai.usage.raw"))),
      ),
    cost: ({ attributes }) => attributes.number("gen_ai.usage.cost", "gen_ai.cost.total_cost"),
    firstTokenTime: ({ attributes, span }) =>
      afterSeconds(
        span.startTime,
        attributes.number(
          "gen_ai.response.time_to_first_chunk",
          "gen_ai.client.operation.time_to_first_chunk",
        ),
      ),
    settings: settingsReader("gen_ai.request.", {
      max_tokens: "maxOutputTokens",
      temperature: "temperature",
      top_p: "topP",
      top_k: "topK",
      frequency_penalty: "frequencyPenalty",
      presence_penalty: "presencePenalty",
      stop_sequences: "stopSequences",
      seed: "seed",
    }),
    details: ({ attributes }) => ({
      finishReason: attributes.words("gen_ai.response.finish_reasons")?.[0],
      responseId: attributes.text("gen_ai.response.id"),
      serviceTier: readTier(attributes),
      toolCallId: attributes.text("gen_ai.tool.call.id"),
      agentName: attributes.text("gen_ai.agent.name"),
    }),
    sessionId({ attributes }) {
      const id = attributes.peek("gen_ai.conversation.id");
      // Some write the id of the answer before here.
      if (typeof id !== "string" || id.startsWith("resp_")) return undefined;
      return attributes.text("gen_ai.conversation.id");
    },
  },
};

/** The tier that a call was served in; what was asked for, such as `auto`, says less. */
function readTier(attributes: SpanAttributes): string | undefined {
  const served = attributes.text(
    "openai.response.service_tier",
    "gen_ai.openai.response.service_tier",
  );
  const asked = attributes.text(
    "openai.request.service_tier",
    "gen_ai.openai.request.service_tier",
  );
  return served ?? asked;
}

/** LangSmith writes the parts of the counts as JSON. */
function readTokenDetails(attributes: SpanAttributes): TokenUsage | undefined {
  const input = parsed(attributes.peek("gen_ai.usage.input_token_details"));
  const output = parsed(attributes.peek("gen_ai.usage.output_token_details"));
  if (input === undefined && output === undefined) return undefined;
  return usageOf({ input_token_details: input, output_token_details: output });
}

function readInput({ attributes, type }: SpanView): Body | undefined {
  const messages = listOf(attributes.json("gen_ai.input.messages"));
  if (messages !== undefined) {
    const instructions = attributes.take("gen_ai.system_instructions");
    const said = withInstructions(toMessages(messages, "user"), instructions);
    return { messages: said, ...othersOf(attributes.json("rivulet.input")) };
  }
  if (type === "tool") return valueBody(attributes.json("gen_ai.tool.call.arguments"));
  return valueBody(attributes.json("gen_ai.retrieval.query.text"));
}

function readOutput({ attributes, type }: SpanView): Body | undefined {
  const messages = listOf(attributes.json("gen_ai.output.messages"));
  if (messages !== undefined) {
    const others = othersOf(attributes.json("rivulet.output"));
    return { messages: toMessages(messages, "assistant"), ...others };
  }
  if (type === "tool") return valueBody(attributes.json("gen_ai.tool.call.result"));
  return valueBody(attributes.json("gen_ai.retrieval.documents"));
}

/** What Rivulet's own export has beside the messages. */
function othersOf(value: unknown): { readonly others?: Readonly<Record<string, unknown>> } {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? { others: value as Readonly<Record<string, unknown>> } : {};
}

function listOf(value: unknown): readonly unknown[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value : [value];
}

/** What the conventions were before: the conversation as one text of JSON. */
export const genAiDeprecated: Convention = {
  name: "OpenTelemetry GenAI, deprecated",
  roots: ["gen_ai"],
  read: {
    input: ({ attributes }) => valueBody(attributes.json("gen_ai.prompt", "gen_ai.tool.input")),
    output: ({ attributes }) =>
      valueBody(attributes.json("gen_ai.completion", "gen_ai.tool.output")),
  },
};

/** What is to be told from single attributes, where nothing says what a span is. */
export const genAiHints: Convention = {
  name: "OpenTelemetry GenAI, by its attributes",
  roots: ["gen_ai", "llm", "ai"],
  read: {
    type({ attributes }) {
      if (
        (attributes.peek("gen_ai.tool.name") ?? attributes.peek("gen_ai.tool.call.id")) !==
        undefined
      ) {
        return "tool";
      }
      const model =
        attributes.peek("gen_ai.request.model") ??
        attributes.peek("gen_ai.response.model") ??
        attributes.peek("llm.model_name") ??
        attributes.peek("ai.model.id");
      return model === undefined ? undefined : "chat_model";
    },
  },
};
