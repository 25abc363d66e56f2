import { messageOf, RivuletError } from "@rivulet/core";
import colors from "picocolors";

/** A line for people, or for the next program. */
export function writeLine(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** A line about what the command is doing; never on stdout, which may be a protocol. */
export function writeNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What went wrong, without a stack: the message says what to do. */
export function writeFailure(error: unknown): void {
  const code = error instanceof RivuletError ? colors.dim(` (${error.code})`) : "";
  writeNote(`${colors.red("rivulet:")} ${messageOf(error)}${code}`);
}
