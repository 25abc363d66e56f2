import { messageOf, RivuletError, toRivuletError } from "@rivulet/core";
import colors from "picocolors";
import { printable } from "./view/printable.ts";

/** Prints a line for people or for the next program. */
export function writeLine(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a line about progress to stderr, because stdout may be a protocol. */
export function writeNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints an error as `code: message`, without its stack: the message says what to do. */
export function writeFailure(error: unknown): void {
  const code = error instanceof RivuletError ? error.code : "rivulet";
  writeNote(`${colors.red(`${code}:`)} ${printable(messageOf(error))}`);
}

/** Prints an error as the HTTP API answers it. */
export function writeFailureAsJson(thrown: unknown): void {
  const { code, message, details } = toRivuletError(thrown);
  const error = Object.keys(details).length === 0 ? { code, message } : { code, message, details };
  writeNote(JSON.stringify({ error }));
}

/** Prints what of the command line was not understood, in the same shape; the field is the option. */
export function writeUsageAsJson(text: string): void {
  const message = text.replace(/^error: /, "").replaceAll("\n", " ");
  const field = /--([\w-]+)/.exec(message)?.[1];
  const details = field === undefined ? {} : { field };
  writeFailureAsJson(new RivuletError("invalid_argument", message, { details }));
}
