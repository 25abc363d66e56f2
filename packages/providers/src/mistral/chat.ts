import { readChatRequest } from "../calls/chat.ts";
import type { CallAnswer, Endpoint, StreamReader } from "../calls/endpoint.ts";
import {
  type Fields,
  fieldOf,
  fieldsOf,
  listOf,
  textOf,
  withoutNothing,
} from "../calls/read-value.ts";
import { readCompletion } from "../openai/chat.ts";
import { readCompletionStream } from "../openai/completion-stream.ts";

/** Chats, with models and with agents. */
export const CHAT: Endpoint = {
  operation: "chat",
  type: "chat_model",
  request: ({ agentId, model, ...body }) => readChatRequest({ ...body, model: model ?? agentId }),
  answer: readAnswer,
  readStream: readChatStream,
};

/** Texts whose middle is filled in. */
export const FIM: Endpoint = { ...CHAT, operation: "fill in the middle", type: "llm" };

/** It answers as OpenAI does, and its client writes the names of fields in its own way. */
function readAnswer(answer: unknown): CallAnswer {
  const fields = fieldsOf(answer);
  return readCompletion({
    ...fields,
    usage: toUsage(fields["usage"]),
    service_tier: fieldOf(fields["usage"], "serviceTier"),
    choices: listOf(fields["choices"]).map(toChoice),
  });
}

/** What was counted, as OpenAI writes it. */
export function toUsage(usage: unknown): Fields {
  const given = fieldsOf(usage);
  const details = given["promptTokensDetails"] ?? given["promptTokenDetails"];
  return {
    // What the client does not know is as it came.
    ...given,
    prompt_tokens: given["promptTokens"],
    completion_tokens: given["completionTokens"],
    total_tokens: given["totalTokens"],
    ...(details === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: fieldOf(details, "cachedTokens") } }),
    ...(given["numCachedTokens"] === undefined
      ? {}
      : { num_cached_tokens: given["numCachedTokens"] }),
  };
}

function toChoice(choice: unknown): Fields {
  const { finishReason, ...fields } = fieldsOf(choice);
  // What is here already has been put together from a stream.
  return finishReason === undefined ? fields : { ...fields, finish_reason: finishReason };
}

function readChatStream(): StreamReader {
  const reader = readCompletionStream();
  return {
    ...reader,
    add(event) {
      const chunk = fieldsOf(fieldOf(event, "data"));
      return reader.add({ ...chunk, choices: listOf(chunk["choices"]).map(toDelta) });
    },
  };
}

function toDelta(choice: unknown): Fields {
  const { index, finishReason, delta } = fieldsOf(choice);
  const { content, toolCalls, ...others } = fieldsOf(delta);
  return withoutNothing({
    index,
    finish_reason: finishReason,
    delta: withoutNothing({
      ...others,
      ...(Array.isArray(content) ? toPieces(content) : { content }),
      tool_calls: toolCalls,
    }),
  });
}

/** Thoughts and texts come as parts with a piece in each. */
function toPieces(parts: readonly unknown[]): Fields {
  const pieces = { content: "", reasoning_content: "" };
  const chunks: unknown[] = [];
  for (const part of parts) {
    const { type, text, thinking } = fieldsOf(part);
    if (type === "text") pieces.content += textOf(text) ?? "";
    else if (type === "thinking") pieces.reasoning_content += textsOf(thinking);
    else chunks.push(part);
  }
  return {
    content: pieces.content || undefined,
    reasoning_content: pieces.reasoning_content || undefined,
    chunks: chunks.length === 0 ? undefined : chunks,
  };
}

function textsOf(parts: unknown): string {
  if (typeof parts === "string") return parts;
  return listOf(parts)
    .map((part) => textOf(fieldOf(part, "text")) ?? "")
    .join("");
}
