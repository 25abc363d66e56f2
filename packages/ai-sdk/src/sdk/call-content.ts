import type { MediaPart, SpanType } from "@rivulet/core";
import { toAnswer, toStoredMessages } from "./chat-message.ts";
import type { RecordPolicy } from "./policy.ts";
import { compact, fieldOf, fieldsOf, listOf, numberOf, textOf } from "./read-value.ts";
import { inFormat, type ResponseFormat } from "./response-format.ts";
import type { SdkEvent } from "./sdk-event.ts";

/** What kind of work a call is, and what goes in. */
export interface CallKind {
  readonly name: string;
  readonly type: SpanType;
  readonly leavable: boolean;
  /** The call is one model call itself; its span is the leaf. */
  readonly leaf: boolean;
  readonly input: (policy: RecordPolicy) => unknown;
}

const LEAVES: ReadonlySet<string> = new Set(["embed", "rerank", "generateSpeech", "transcribe"]);

/** The kind of a call by its start event. */
export function callKind(event: SdkEvent): CallKind {
  const operation = textOf(event.operationId) ?? "call";
  const name = operation.startsWith("ai.") ? operation.slice(3) : operation;
  const leaf = LEAVES.has(name);
  return {
    name,
    type: callType(name, event),
    leavable: name.startsWith("stream"),
    leaf,
    input: () => callInput(name, event),
  };
}

function callType(name: string, event: SdkEvent): SpanType {
  if (name === "embed") return "embedding";
  if (name === "rerank") return "reranker";
  if (name === "generateSpeech" || name === "transcribe") return "llm";
  return isAgent(event) ? "agent" : "chain";
}

/** A tool loop, by the agent class or by hand. */
function isAgent({ headers, tools }: SdkEvent): boolean {
  const userAgent = textOf(fieldsOf(headers)?.["user-agent"]);
  if (userAgent?.includes("ai-sdk-agent/") === true) return true;
  const given = fieldsOf(tools);
  return given !== undefined && Object.keys(given).length > 0;
}

function callInput(name: string, event: SdkEvent): unknown {
  switch (name) {
    case "embed":
    case "embedMany":
      return event.value;
    case "rerank":
      return { query: event.query, documents: event.documents };
    case "generateSpeech": {
      const { text, voice, instructions, speed, language, outputFormat } = event;
      return compact<SdkEvent>({ text, voice, instructions, speed, language, outputFormat });
    }
    case "transcribe":
      return { messages: [{ role: "user", content: [audioPart(event.audio)] }] };
    default:
      return chatInput(event) ?? event.text;
  }
}

function chatInput(event: SdkEvent): unknown {
  const instructions = event.instructions ?? event.system;
  const messages = toStoredMessages(instructions, event.messages ?? event.prompt);
  return messages.length === 0 ? undefined : { messages };
}

/** What a call gave its caller: the object, the text, or the tool calls that wait for an answer. */
export function callOutput(event: SdkEvent, format: ResponseFormat): unknown {
  if (event.object !== undefined) return event.object;
  if (event.operationId === "ai.generateSpeech") {
    return { messages: [{ role: "assistant", content: [audioPart(event.audio)] }] };
  }
  if (event.embedding !== undefined) return describeVectors(event.embedding);
  if (event.ranking !== undefined) return describeRanking(event.ranking);
  const text = textOf(event.text);
  if (text !== undefined && text !== "") return inFormat(format, text);
  const content = listOf(fieldOf(event.finalStep, "content") ?? event.content);
  return content.length === 0 ? text : { messages: [toAnswer(content)] };
}

/** Vectors are big and say nothing to a reader: their number and size are kept. */
export function describeVectors(embeddings: unknown): unknown {
  const list = listOf(embeddings);
  const [first] = list;
  return numberOf(first) === undefined
    ? { embeddings: list.length, dimensions: listOf(first).length }
    : { embeddings: 1, dimensions: list.length };
}

/** The SDK tells how long a recording is and of what type, and does not give it. */
function audioPart(audio: unknown): MediaPart {
  return {
    type: "media",
    kind: "audio",
    ...compact<MediaPart>({
      mediaType: textOf(fieldOf(audio, "mediaType")),
      size: numberOf(fieldOf(audio, "byteLength")),
    } as MediaPart),
  };
}

function describeRanking(ranking: unknown): unknown {
  return listOf(ranking).map((entry) => ({
    index: fieldOf(entry, "originalIndex") ?? fieldOf(entry, "index"),
    score: fieldOf(entry, "score") ?? fieldOf(entry, "relevanceScore"),
  }));
}
