import { messageOf, RivuletError } from "@rivulet/core";
import colors from "picocolors";

/** Prints a line for people or for the next program. */
export function writeLine(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a line about progress to stderr, because stdout may be a protocol. */
export function writeNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints an error without its stack: the message says what to do. */
export function writeFailure(error: unknown): void {
  const code = error instanceof RivuletError ? colors.dim(` (${error.code})`) : "";
  writeNote(`${colors.red("rivulet:")} ${messageOf(error)}${code}`);
}
