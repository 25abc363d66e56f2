import { readOutput, settingsOf } from "../calls/chat.ts";
import type { CallAnswer, Endpoint, StreamReader } from "../calls/endpoint.ts";
import { type Fields, fieldOf, fieldsOf, listOf, textOf } from "../calls/read-value.ts";
import { joinText, lastCounted } from "../calls/stream-parts.ts";
import { readUsage } from "../openai/token-usage.ts";
import { toUsage } from "./chat.ts";

/** Embeddings: their vectors are left out. */
export const EMBEDDING: Endpoint = {
  operation: "embed",
  type: "embedding",
  request: (body) => ({
    model: textOf(body["model"]),
    input: body["inputs"],
    settings: settingsOf(body),
  }),
  answer: (answer) => ({
    ...commonFacts(answer),
    output: { embeddings: listOf(fieldOf(answer, "data")).length },
  }),
};

/** Conversations that the provider keeps. */
export const CONVERSATION: Endpoint = {
  operation: "converse",
  type: "chat_model",
  request: ({ agentId, model, inputs, completionArgs, ...body }) => ({
    model: textOf(model) ?? textOf(agentId),
    input: typeof inputs === "string" ? { messages: [{ role: "user", content: inputs }] } : inputs,
    settings: { ...fieldsOf(completionArgs), ...settingsOf(body) },
  }),
  answer: (answer) => ({
    ...commonFacts(answer),
    output: readOutput({ output: listOf(fieldOf(answer, "outputs")).map(toMessage) }),
  }),
  readStream: readConversationStream,
};

/** A call without messages: documents that are read, speech, judgements, batches. */
export function plainCall(operation: string, type: Endpoint["type"]): Endpoint {
  return {
    operation,
    type,
    request: ({ model, ...input }) => ({ model: textOf(model), input }),
    answer: (answer) => ({ ...commonFacts(answer), output: answer }),
    readStream: readEvents,
  };
}

function commonFacts(answer: unknown): CallAnswer {
  const { id, conversationId, model, usage } = fieldsOf(answer);
  return {
    model: textOf(model),
    usage: readUsage(toUsage(usage)),
    attributes: { responseId: textOf(id) ?? textOf(conversationId) },
  };
}

/** Entries of a conversation are messages, and calls of functions. */
function toMessage(entry: unknown): unknown {
  const { type, name, toolCallId, arguments: given, content, role = "assistant" } = fieldsOf(entry);
  if (type !== "function.call") return { role, content };
  const call = { id: toolCallId, function: { name, arguments: given } };
  return { role: "assistant", content: "", tool_calls: [call] };
}

function readConversationStream(): StreamReader {
  const head: Record<string, unknown> = {};
  let text = "";
  let isComplete = false;
  return {
    add(event) {
      const { type, content, usage, conversationId } = fieldsOf(fieldOf(event, "data"));
      if (usage !== undefined) head["usage"] = lastCounted(head["usage"], usage);
      if (conversationId !== undefined) head["conversationId"] = conversationId;
      isComplete ||= type === "conversation.response.done";
      if (type !== "message.output.delta") return false;
      text = joinText(text, textOf(content) ?? textOf(fieldOf(content, "text")) ?? "");
      return true;
    },
    answer: () => ({ ...head, outputs: [{ role: "assistant", content: text }] }),
    isComplete: () => isComplete,
  };
}

/** What a stream of other events has told last, and its text. */
function readEvents(): StreamReader {
  let last: Fields | undefined;
  let text = "";
  return {
    add(event) {
      const data = fieldsOf(fieldOf(event, "data"));
      last = { ...last, ...data };
      const piece = data["type"] === "transcription.text.delta" ? textOf(data["text"]) : undefined;
      text = joinText(text, piece ?? "");
      return piece !== undefined;
    },
    answer: () => (last === undefined ? undefined : { text, ...last }),
    isComplete: () => String(last?.["type"]).endsWith(".done"),
  };
}
