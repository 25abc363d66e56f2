import type { PromptRef } from "@rivulet/core";
import { type MessageLike, messageType } from "../runs/pick-message.ts";
import { fieldsOf } from "../runs/read-fields.ts";
import type { OpenRun, RunStart } from "../runs/run.ts";
import { PROMPT_METADATA } from "../runs/run-metadata.ts";

const MAX_MESSAGES = 100;
const MAX_TEXTS = 500;
/** Longer texts are not worth holding. */
const MAX_TEXT = 20_000;
/** Several versions have made the text: it says nothing of its version. */
const AMBIGUOUS = "ambiguous";
const texts = new Map<string, PromptRef | typeof AMBIGUOUS>();
const stamps = new WeakMap<object, PromptRef>();

/** Remembers which prompt version made this message, for as long as the message lives. */
export function stampMessage<T extends object>(message: T, ref: PromptRef): T {
  stamps.set(message, ref);
  const { content } = fieldsOf(message);
  const type = messageType(message as MessageLike);
  // Agents and checkpoints make another message of it; the words of a user may be anybody's.
  if (type === "system" && typeof content === "string") stampText(content, ref);
  return message;
}

/** Remembers which prompt version made this text, among the last ones. */
export function stampText(text: string, ref: PromptRef): void {
  if (text.length > MAX_TEXT) return;
  const oldest = texts.size < MAX_TEXTS ? undefined : texts.keys().next().value;
  if (oldest !== undefined) texts.delete(oldest);
  const known = texts.get(text) ?? ref;
  texts.set(text, isSameVersion(known, ref) ? ref : AMBIGUOUS);
}

function isSameVersion(one: PromptRef | typeof AMBIGUOUS, other: PromptRef): boolean {
  return one !== AMBIGUOUS && one.name === other.name && one.version === other.version;
}

/** What can find a prompt by a text it was made into. */
export interface RenderedPrompts {
  findRendered(text: string): PromptRef | undefined;
}

/**
 * Links a model's span to the prompt versions it uses. The messages themselves know best; where they were
 * copied on the way, the prompt run beside the model or the model's own metadata says it.
 */
export function linkPrompts(run: OpenRun, start: RunStart, rendered: RenderedPrompts): void {
  const parts: readonly unknown[] = Array.isArray(start.input) ? start.input : [start.input];
  let isLinked = false;
  for (let index = 0; index < parts.length && index < MAX_MESSAGES; index++) {
    for (const ref of promptsOf(parts[index], rendered)) {
      run.span.linkPrompt(ref);
      isLinked = true;
    }
  }
  const fallback = isLinked ? undefined : (metadataPrompt(start.metadata) ?? run.parent?.prompt);
  if (fallback !== undefined) run.span.linkPrompt(fallback);
}

/** A prompt run tells the models beside it which version it is. */
export function notePrompt(parent: OpenRun | undefined, start: RunStart): void {
  if (start.kind !== "prompt" || parent === undefined) return;
  const ref = metadataPrompt(start.metadata);
  if (ref !== undefined) parent.prompt = ref;
}

function* promptsOf(part: unknown, rendered: RenderedPrompts): Iterable<PromptRef> {
  const stamp = typeof part === "object" && part !== null ? stamps.get(part) : undefined;
  if (stamp !== undefined) yield stamp;
  const { content = part } = fieldsOf(part);
  // Agents make blocks of the text that they are given, and put several into one message.
  const texts = Array.isArray(content)
    ? content.map((block) => fieldsOf(block)["text"])
    : [content];
  for (const text of texts) {
    const ref = stamp === undefined ? textPrompt(text, rendered) : undefined;
    if (ref !== undefined) yield ref;
  }
}

function textPrompt(text: unknown, rendered: RenderedPrompts): PromptRef | undefined {
  if (typeof text !== "string") return undefined;
  const made = texts.get(text);
  const found = rendered.findRendered(text);
  if (made === undefined || found === undefined)
    return made === AMBIGUOUS ? undefined : (made ?? found);
  return isSameVersion(made, found) ? found : undefined;
}

/** The prompt version that metadata names. */
function metadataPrompt(metadata: RunStart["metadata"]): PromptRef | undefined {
  const named = metadata?.[PROMPT_METADATA];
  if (typeof named !== "object" || named === null) return undefined;
  const { name, version, alias } = named as Partial<Record<keyof PromptRef, unknown>>;
  if (typeof name !== "string" || typeof version !== "number") return undefined;
  return typeof alias === "string" ? { name, version, alias } : { name, version };
}
