import type { SessionTurn } from "@rivulet/core";
import { type JsonValue, type Message, readMessages } from "@rivulet/domain/messages";

/** A turn of a conversation: what is new in it, and what was only sent again. */
export interface TurnTalk {
  readonly said: readonly Message[];
  readonly repeated: readonly Message[];
}

/**
 * What was said in a turn. Apps send all that was said before with each turn: what the turn before knows already is
 * apart. The last that the user says is always new, also if it is the same again.
 */
export function talkOf(turn: SessionTurn, before: SessionTurn | undefined): TurnTalk {
  const input = messagesIn(turn.input, "user");
  const output = messagesIn(turn.output, "assistant");
  const asked = new Set(input.map(textOf));
  // Graphs return all of their messages, those that they were given first.
  const isHistory =
    output.length > 1 && output.slice(0, input.length).every((one) => asked.has(textOf(one)));
  const answer = isHistory ? output.slice(input.length) : output;
  const lastAsked = input.findLastIndex(({ role }) => role === "user");
  const known = knownOf(before);
  const newFrom = input.findLastIndex(
    (message, index) => index < lastAsked && known.has(textOf(message)),
  );
  return { repeated: input.slice(0, newFrom + 1), said: [...input.slice(newFrom + 1), ...answer] };
}

function knownOf(before: SessionTurn | undefined): ReadonlySet<string> {
  if (before === undefined) return new Set();
  const all = [...messagesIn(before.input, "user"), ...messagesIn(before.output, "assistant")];
  return new Set(all.map(textOf));
}

/** The messages in a value; any other value is something that somebody said. */
function messagesIn(value: JsonValue | undefined, role: string): readonly Message[] {
  if (value === undefined || value === null) return [];
  const messages = readMessages(value);
  if (messages !== undefined) return messages;
  const text = soleText(value);
  return [{ role, content: text ?? [{ type: "data", value }] }];
}

/** A text, or the only text in an object: `{ question: "…" }`. */
function soleText(value: JsonValue): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [only, ...others] = Object.values(value);
  return others.length === 0 && typeof only === "string" ? only : undefined;
}

/** By what a message is known again: who says what, without what providers add to it. */
function textOf({ role, content }: Message): string {
  if (typeof content === "string") return `${role} ${content}`;
  const parts = content.map((part) => (part.type === "text" ? part.text : JSON.stringify(part)));
  return `${role} ${parts.join("")}`;
}

/** What was asked in a turn, for one line; the last that the user says. */
export function headlineOf(turn: SessionTurn): string {
  const input = messagesIn(turn.input, "user");
  const asked = input.findLast(({ role }) => role === "user") ?? input.at(-1);
  return asked === undefined ? turn.trace.name : wordsOf(asked).slice(0, 120);
}

function wordsOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join(" ");
}
