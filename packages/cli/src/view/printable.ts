/** Line breaks, and everything a terminal would act on: escapes, control characters, changes of text direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Untrusted text on one line, without anything that a terminal would act on. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, " ");
}

/** The same, on as many lines as it has. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join("\n");
}
