import type { JsonObject, JsonValue } from "../json.ts";
import { isObject, isText } from "./field-reader.ts";
import type { MediaPart, MessagePart, ReasoningPart } from "./message.ts";

/** Fields that say what an item is, and not what is in it. */
const LABELS: ReadonlySet<string> = new Set(["type", "status", "id"]);
const NONE: ReadonlySet<string> = new Set();

/** Puts thoughts before what was said, unless they are in there: then what is known of them stays with those. */
export function withThoughts(
  said: readonly MessagePart[],
  thoughts: readonly ReasoningPart[],
): MessagePart[] {
  const parts = [...said];
  const before = thoughts.filter((thought) => !mergeThought(parts, thought));
  return [...before, ...parts];
}

/** OpenAI's responses give each summary as a part, and all of them in a field. */
function mergeThought(parts: MessagePart[], { text, extra }: ReasoningPart): boolean {
  const told = parts.filter((part): part is ReasoningPart => part.type === "reasoning");
  const [first] = told;
  if (first === undefined || told.map((part) => part.text).join("\n\n") !== text) return false;
  if (extra !== undefined) {
    parts[parts.indexOf(first)] = { ...first, extra: { ...extra, ...first.extra } };
  }
  return true;
}

/** Adds a refusal that is not among the parts yet. */
export function addRefusal(parts: MessagePart[], text: string): void {
  const isTold = parts.some((part) => part.type === "refusal" && part.text === text);
  if (!isTold) parts.push({ type: "refusal", text });
}

/**
 * What providers' own tools have done, without what the parts say already. LangChain puts images into the content too,
 * and in its newer form of content the tools as well, though not with all that is known of them.
 */
export function untoldOutputs(
  parts: MessagePart[],
  outputs: readonly JsonValue[],
): readonly JsonValue[] {
  const untold = outputs.filter((output) => !mergeImage(parts, output));
  // Most messages have none, and their parts need not be looked through.
  if (untold.length === 0) return untold;
  const told = new Set<unknown>();
  collectLeaves(parts, told, NONE);
  const isUntold = (value: unknown): boolean => {
    const leaves = new Set<unknown>();
    collectLeaves(value, leaves, LABELS);
    return leaves.size === 0 || [...leaves].some((leaf) => !told.has(leaf));
  };
  return untold.filter((output) => isUntold(output) && !mergeCall(parts, output, isUntold));
}

/** What is known of a call that is among the parts, besides what is told there of it and of its result. */
function mergeCall(
  parts: MessagePart[],
  output: JsonValue,
  isUntold: (value: unknown) => boolean,
): boolean {
  if (!isObject(output) || !isText(output["id"])) return false;
  const call = parts.find((part) => part.type === "tool_call" && part.id === output["id"]);
  if (call?.type !== "tool_call") return false;
  const facts = Object.entries(output as JsonObject).filter(
    ([name, value]) => !LABELS.has(name) && isUntold(value),
  );
  parts[parts.indexOf(call)] = { ...call, extra: { ...Object.fromEntries(facts), ...call.extra } };
  return true;
}

function mergeImage(parts: MessagePart[], output: JsonValue): boolean {
  if (!isObject(output) || output["type"] !== "image_generation_call") return false;
  const { type: _, result, ...facts } = output;
  const image = parts.filter(isImage).find(({ data }) => data === result);
  if (image === undefined || !isText(result)) return false;
  parts[parts.indexOf(image)] = { ...image, extra: { ...(facts as JsonObject), ...image.extra } };
  return true;
}

function isImage(part: MessagePart): part is MediaPart {
  return part.type === "media" && part.kind === "image";
}

function collectLeaves(value: unknown, leaves: Set<unknown>, labels: ReadonlySet<string>): void {
  if (typeof value !== "object" || value === null) {
    leaves.add(value);
    return;
  }
  for (const [name, field] of Object.entries(value)) {
    if (!labels.has(name)) collectLeaves(field, leaves, labels);
  }
}
