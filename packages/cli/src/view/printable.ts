/** Line breaks, and what a terminal would obey: escapes, other control characters, changes of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Text that others wrote, on one line, without anything that a terminal would obey. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, " ");
}

/** The same, on as many lines as it has. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join("\n");
}
