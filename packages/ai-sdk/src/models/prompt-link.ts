import type { PromptRef, Rivulet } from "@rivulet/core";
import { fieldOf, listOf, textOf } from "../sdk/read-value.ts";

/** Messages at the start of a conversation that are looked up; prompts stand at its head. */
const HEAD = 16;

/** The prompt versions that were rendered into these instructions and messages, in this process. */
export function findRenderedPrompts(
  rivulet: Rivulet,
  instructions: unknown,
  messages: unknown,
): PromptRef[] {
  const refs: PromptRef[] = [];
  function look(text: string | undefined): void {
    const ref = text === undefined ? undefined : rivulet.prompts.findRendered(text);
    if (ref !== undefined) refs.push(ref);
  }
  look(textOf(instructions));
  for (const message of listOf(instructions)) look(messageText(message));
  look(messageText(instructions));
  look(textOf(messages));
  const list = listOf(messages);
  for (const message of list.slice(0, HEAD)) look(messageText(message));
  if (list.length > HEAD) look(messageText(list.at(-1)));
  return refs;
}

/** The text of a message that is all text in one piece. */
function messageText(message: unknown): string | undefined {
  const content = fieldOf(message, "content");
  if (typeof content === "string") return content;
  const parts = listOf(content);
  return parts.length === 1 ? textOf(fieldOf(parts[0], "text")) : undefined;
}
