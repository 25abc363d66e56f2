import { readMessages, reportedParts, reportedTier, type TokenUsage } from "@rivulet/core";
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
import { joinList, joinText, lastCounted, ownList, putItem } from "../calls/stream-parts.ts";

/** Content that is generated. */
export const CONTENT: Endpoint = {
  operation: "chat",
  type: "chat_model",
  request: readRequest,
  answer: readAnswer,
  readStream: readContentStream,
};

/** Embeddings: their vectors are left out. */
export const EMBEDDING: Endpoint = {
  operation: "embed",
  type: "embedding",
  request: ({ model, contents, config }) => ({
    model: textOf(model),
    input: contents,
    settings: settingsOf(config),
  }),
  answer: (answer) => ({
    output: { embeddings: listOf(fieldOf(answer, "embeddings")).length },
    usage: readUsage(fieldOf(answer, "usageMetadata")),
  }),
};

/** Images and videos. */
export const MEDIA: Endpoint = {
  operation: "image",
  type: "llm",
  request: ({ model, config, ...input }) => ({
    model: textOf(model),
    input,
    settings: settingsOf(config),
  }),
  answer: (answer) => {
    const images = listOf(fieldOf(answer, "generatedImages"));
    return { output: images.length === 0 ? answer : images.map(toImage) };
  },
};

/** Many requests that are answered later: only that they were given. */
export const BATCH: Endpoint = {
  operation: "create batch",
  type: "task",
  request: ({ model, ...input }) => ({ model: textOf(model), input }),
  answer: (answer) => ({
    output: answer,
    attributes: { responseId: textOf(fieldOf(answer, "name")) },
  }),
};

/** What a request says of how it is sent, and credentials in it. */
const TRANSPORT: ReadonlySet<string> = new Set([
  "abortSignal",
  "httpOptions",
  "systemInstruction",
  "tools",
]);

/** The conversation of a request, as messages. */
export function inputOf({ contents, config }: Fields): Fields {
  const { systemInstruction, tools } = fieldsOf(config);
  const messages = readMessages({ systemInstruction, contents: toContents(contents) });
  return {
    ...(messages === undefined ? { systemInstruction, contents } : { messages }),
    ...(listOf(tools).length === 0 ? {} : { tools }),
  };
}

function readRequest(body: Fields): CallRequest {
  return {
    model: textOf(body["model"]),
    input: inputOf(body),
    settings: settingsOf(body["config"]),
  };
}

function settingsOf(config: unknown): Fields {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fieldsOf(config)))
    if (!TRANSPORT.has(name)) settings[name] = value;
  return settings;
}

/** Contents may be one text, one part, parts, or contents. */
function toContents(given: unknown): readonly unknown[] {
  const list = Array.isArray(given) ? given : [given];
  if (list.every((item) => Array.isArray(fieldOf(item, "parts")))) return list;
  const parts = list.map((item) => (typeof item === "string" ? { text: item } : item));
  return [{ role: "user", parts }];
}

function readAnswer(answer: unknown): CallAnswer {
  const fields = fieldsOf(answer);
  const candidates = listOf(fields["candidates"]);
  const contents = candidates
    .map((candidate) => fieldOf(candidate, "content"))
    .filter((content) => Array.isArray(fieldOf(content, "parts")))
    .map((content) => ({ role: "model", ...fieldsOf(content) }));
  const messages = contents.length === 0 ? undefined : readMessages(contents);
  const { groundingMetadata, citationMetadata, safetyRatings, finishMessage, urlContextMetadata } =
    fieldsOf(candidates[0]);
  return {
    output: messages === undefined ? undefined : { messages },
    model: textOf(fields["modelVersion"]),
    usage: readUsage(fields["usageMetadata"]),
    attributes: {
      finishReason:
        textOf(fieldOf(candidates[0], "finishReason")) ??
        textOf(fieldOf(fields["promptFeedback"], "blockReason")),
      responseId: textOf(fields["responseId"]),
      serviceTier: reportedTier(fields["usageMetadata"]),
      groundingMetadata,
      citationMetadata,
      safetyRatings,
      finishMessage: textOf(finishMessage),
      urlContextMetadata,
    },
  };
}

/** Thoughts are counted beside the answer, and what tools have read beside the prompt. */
function readUsage(usage: unknown): TokenUsage | undefined {
  const given = fieldsOf(usage);
  const thoughts = numberOf(given["thoughtsTokenCount"]);
  const counts: TokenUsage = withoutNothing({
    inputTokens: sumOf(given["promptTokenCount"], given["toolUsePromptTokenCount"]),
    outputTokens: sumOf(given["candidatesTokenCount"], thoughts),
    totalTokens: numberOf(given["totalTokenCount"]),
    cacheReadTokens: numberOf(given["cachedContentTokenCount"]),
    reasoningTokens: thoughts,
    ...reportedParts(usage),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}

function sumOf(first: unknown, second: unknown): number | undefined {
  const counts = [numberOf(first), numberOf(second)].filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function toImage(generated: unknown): unknown {
  const { image, ...others } = fieldsOf(generated);
  const { imageBytes: data, mimeType: mediaType, gcsUri: url } = fieldsOf(image);
  return withoutNothing({ type: "media", kind: "image", mediaType, data, url, ...others });
}

function readContentStream(): StreamReader {
  let last: Fields | undefined;
  const candidates = new Map<number, Fields>();
  return {
    add(chunk) {
      // Fields such as the usage are told again with each chunk, and grow.
      const told = withoutNothing(fieldsOf(chunk));
      const usageMetadata = lastCounted(last?.["usageMetadata"], told["usageMetadata"]);
      last = { ...last, ...told, usageMetadata };
      const found = listOf(fieldOf(chunk, "candidates"));
      return found.map((candidate) => addCandidate(candidates, fieldsOf(candidate))).includes(true);
    },
    answer: () =>
      last === undefined ? undefined : { ...last, candidates: [...candidates.values()] },
    isComplete: () =>
      candidates.size > 0 &&
      [...candidates.values()].every(({ finishReason }) => finishReason !== undefined),
  };
}

function addCandidate(candidates: Map<number, Fields>, given: Fields): boolean {
  const index = numberOf(given["index"]) ?? 0;
  const { content, ...others } = given;
  const known = candidates.get(index);
  const parts = ownList(fieldOf(known?.["content"], "parts"));
  const added = listOf(fieldOf(content, "parts"));
  for (const part of added) addPart(parts, part);
  putItem(candidates, index, {
    ...known,
    ...withoutNothing(others),
    content: { role: "model", ...fieldsOf(content), parts },
  });
  return added.length > 0;
}

/** Text goes on with the text before it, thoughts with thoughts. */
function addPart(parts: unknown[], part: unknown): void {
  const last = fieldsOf(parts.at(-1));
  const given = fieldsOf(part);
  const isNext = isPlainText(last) && isPlainText(given) && last["thought"] === given["thought"];
  if (!isNext) joinList(parts, [part]);
  else parts[parts.length - 1] = { ...last, text: joinText(last["text"], String(given["text"])) };
}

function isPlainText(part: Fields): boolean {
  return (
    typeof part["text"] === "string" &&
    Object.keys(part).every((name) => name === "text" || name === "thought")
  );
}
