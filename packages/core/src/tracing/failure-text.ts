import { asText } from "./given-values.ts";
import { field, read, textOf } from "./thrown-value.ts";

const UNREADABLE = "unreadable error";
/** Most parts of several failures in one that its message tells. */
const MAX_TOLD = 5;
/** What objects that are no errors call what went wrong. */
const MESSAGES = ["message", "error", "detail", "reason", "title", "statusText", "description"];

/** What was thrown, in words: of an error its message, of any other value what it says, or is. */
export function failureText(thrown: unknown): string {
  const message = field(thrown, "message");
  if (typeof message === "string" && message !== "") return message;
  const parts = partTexts(thrown);
  if (parts !== undefined) return parts;
  if (typeof message === "string") return message;
  if (thrown === undefined) return "undefined was thrown";
  try {
    return asText(message ?? described(thrown));
  } catch {
    return UNREADABLE;
  }
}

/** An error without a message says nothing itself; anything else that was thrown is the message. */
function described(thrown: unknown): unknown {
  if (read(() => thrown instanceof Error) === true) return "";
  return saidIn(thrown, 0) ?? thrown;
}

/** The words in a plain object, which may be around another: `{ error: { message } }`. */
function saidIn(value: unknown, depth: number): string | undefined {
  for (const name of MESSAGES) {
    const said = field(value, name);
    const text = textOf(said) ?? (depth < 3 ? saidIn(said, depth + 1) : undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Several failures in one have often no message of their own. */
function partTexts(thrown: unknown): string | undefined {
  const errors = field(thrown, "errors");
  return read(() => {
    if (!Array.isArray(errors) || errors.length === 0) return undefined;
    const told = errors.slice(0, MAX_TOLD).map((error: unknown) => {
      return textOf(field(error, "message")) ?? saidIn(error, 0) ?? asText(error);
    });
    const more = errors.length > MAX_TOLD ? `; and ${errors.length - MAX_TOLD} more` : "";
    return `${errors.length} errors: ${told.join("; ")}${more}`;
  });
}
