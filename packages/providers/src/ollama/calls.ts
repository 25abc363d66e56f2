import type { TokenUsage } from "@rivulet/core";
import { readChatRequest, readOutput } from "../calls/chat.ts";
import type { CallAnswer, CallRequest, Endpoint, StreamReader } from "../calls/endpoint.ts";
import {
  type Fields,
  fieldOf,
  fieldsOf,
  listOf,
  numberOf,
  textOf,
  withoutNothing,
} from "../calls/read-value.ts";
import { joinList, joinText } from "../calls/stream-parts.ts";

/** Chats. */
export const CHAT: Endpoint = {
  operation: "chat",
  type: "chat_model",
  request: readRequest,
  answer: (answer) => {
    const message = fieldOf(answer, "message");
    return {
      ...commonFacts(answer),
      output: message === undefined ? undefined : readOutput([message]),
    };
  },
  readStream: readAnswerStream,
};

/** Texts that go on. */
export const GENERATE: Endpoint = {
  operation: "generate",
  type: "llm",
  request: (body) => ({ ...readRequest(body), input: textInput(body) }),
  answer: (answer) => {
    const { response, thinking, image } = fieldsOf(answer);
    const output = withoutNothing({ response, thinking, image });
    return {
      ...commonFacts(answer),
      output: Object.keys(output).length > 1 ? output : response,
    };
  },
  readStream: readAnswerStream,
};

/** Embeddings: their vectors are left out. */
export const EMBEDDING: Endpoint = {
  operation: "embed",
  type: "embedding",
  request: ({ model, input, prompt, options }) => ({
    model: textOf(model),
    input: input ?? prompt,
    settings: fieldsOf(options),
  }),
  answer: (answer) => ({
    ...commonFacts(answer),
    output: { embeddings: listOf(fieldOf(answer, "embeddings")).length || 1 },
  }),
};

/** Settings stand in an object of their own, and beside it. */
function readRequest({ options, ...body }: Fields): CallRequest {
  return readChatRequest({ ...fieldsOf(options), ...body });
}

function textInput(body: Fields): unknown {
  const { prompt, system, suffix, images, context } = body;
  const others = withoutNothing({ system, suffix, images, context });
  return Object.keys(others).length === 0 ? prompt : { prompt, ...others };
}

function commonFacts(answer: unknown): CallAnswer {
  const fields = fieldsOf(answer);
  return {
    model: textOf(fields["model"]),
    usage: readUsage(fields),
    attributes: { finishReason: textOf(fields["done_reason"]) },
  };
}

function readUsage(answer: Fields): TokenUsage | undefined {
  const counts: TokenUsage = withoutNothing({
    inputTokens: numberOf(answer["prompt_eval_count"]),
    outputTokens: numberOf(answer["eval_count"]),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}

function readAnswerStream(): StreamReader {
  let last: Fields | undefined;
  const text: Record<string, string> = {};
  const message: Record<string, unknown> = {};
  return {
    add(chunk) {
      last = { ...last, ...fieldsOf(chunk) };
      const isOutput = addTexts(text, fieldsOf(chunk), ["response", "thinking"]);
      return addMessage(message, fieldsOf(fieldOf(chunk, "message"))) || isOutput;
    },
    answer() {
      if (last === undefined) return undefined;
      return { ...last, ...text, ...(Object.keys(message).length === 0 ? {} : { message }) };
    },
    isComplete: () => last?.["done"] === true,
    isFinal: () => last?.["done"] === true,
  };
}

function addMessage(message: Record<string, unknown>, delta: Fields): boolean {
  const { content, thinking, tool_calls: calls, ...others } = delta;
  Object.assign(message, withoutNothing(others));
  if (listOf(calls).length > 0)
    message["tool_calls"] = joinList(message["tool_calls"], listOf(calls));
  return (
    addTexts(message, { content, thinking }, ["content", "thinking"]) || listOf(calls).length > 0
  );
}

function addTexts(
  known: Record<string, unknown>,
  given: Fields,
  names: readonly string[],
): boolean {
  let isOutput = false;
  for (const name of names) {
    const piece = given[name];
    if (typeof piece !== "string") continue;
    known[name] = joinText(known[name], piece);
    isOutput ||= piece !== "";
  }
  return isOutput;
}
