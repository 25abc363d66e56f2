import type { Message } from "@rivulet/core";
import { toAnswer } from "../sdk/chat-message.ts";
import { type Fields, fieldsOf, textOf } from "../sdk/read-value.ts";

/** Puts the chunks of a model's stream together. */
export interface AnswerRecorder {
  /** Takes the next chunk. Returns whether it is output, and no framing. */
  add(chunk: Fields): boolean;
  /** What has come so far; `undefined` when nothing has. */
  answer(): Message | undefined;
  /** Characters of text, reasoning and tool input so far. */
  characters(): number;
}

/** Characters that are kept of one answer. */
const MAX_CHARACTERS = 1_000_000;

interface OpenPart {
  readonly type: "text" | "reasoning" | "tool-call";
  readonly toolCallId?: unknown;
  readonly toolName?: unknown;
  text: string;
}

interface Recording {
  readonly parts: (Fields | OpenPart)[];
  readonly open: Map<string, OpenPart>;
  characters: number;
}

/** Makes an {@link AnswerRecorder}. */
export function createAnswerRecorder(): AnswerRecorder {
  const recording: Recording = { parts: [], open: new Map(), characters: 0 };
  const { parts } = recording;
  return {
    add: (chunk) => addChunk(recording, chunk),
    answer: () => (parts.length === 0 ? undefined : toAnswer(parts.map(toContentPart))),
    characters: () => recording.characters,
  };
}

function addChunk(recording: Recording, chunk: Fields): boolean {
  switch (chunk["type"]) {
    case "text-delta":
      return append(recording, chunk, "text");
    case "reasoning-delta":
      return append(recording, chunk, "reasoning");
    case "tool-input-delta":
      return append(recording, chunk, "tool-call");
    case "tool-input-start":
      startPart(recording, chunk, "tool-call");
      return false;
    case "tool-call":
      addToolCall(recording, chunk);
      return true;
    case "file":
    case "reasoning-file":
      recording.parts.push(chunk);
      return true;
    case "source":
    case "tool-result":
      recording.parts.push(chunk);
      return false;
    default:
      return false;
  }
}

function startPart(recording: Recording, chunk: Fields, type: OpenPart["type"]): OpenPart {
  const { id: toolCallId, toolName } = chunk;
  const part: OpenPart =
    type === "tool-call" ? { type, text: "", toolCallId, toolName } : { type, text: "" };
  recording.parts.push(part);
  recording.open.set(partKey(type, toolCallId), part);
  return part;
}

function append(recording: Recording, chunk: Fields, type: OpenPart["type"]): boolean {
  const delta = textOf(chunk["delta"]) ?? "";
  const open = recording.open.get(partKey(type, chunk["id"]));
  const part = open ?? startPart(recording, chunk, type);
  if (recording.characters < MAX_CHARACTERS) part.text += delta;
  recording.characters += delta.length;
  return delta.length > 0;
}

/** The whole call takes the place of what was streamed of it. */
function addToolCall({ parts, open }: Recording, chunk: Fields): void {
  const key = partKey("tool-call", chunk["toolCallId"]);
  const streamed = open.get(key);
  open.delete(key);
  if (streamed === undefined) parts.push(chunk);
  else parts[parts.indexOf(streamed)] = chunk;
}

/** Text and tool input may carry the same id. */
function partKey(type: OpenPart["type"], id: unknown): string {
  return `${type}:${String(id)}`;
}

/** A part whose end has not come looks like one that has. */
function toContentPart(part: Fields | OpenPart): unknown {
  const fields = fieldsOf(part);
  return fields?.["type"] === "tool-call" && "text" in part
    ? { ...part, input: part["text"] }
    : part;
}
