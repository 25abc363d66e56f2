export { csvOf } from "@rivulet/domain/csv";

/** A field, and what ends it: another field, a line, or the text. Quotes stand for themselves when doubled. */
const FIELD = {
  ",": /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|\r|$)/y,
  "\t": /("(?:[^"]|"")*"|[^"\t\r\n]*)(\t|\r?\n|\r|$)/y,
} as const;

/** Signs that stand between the fields of a line. */
export type Separator = keyof typeof FIELD;

/** Fields by line; empty lines are left out. @throws Error where a quote is out of place */
export function readCsv(text: string, separator: Separator): readonly (readonly string[])[] {
  const field = FIELD[separator];
  const content = text.replace(/^\uFEFF/, "");
  const lines: string[][] = [[]];
  for (let at = 0; at < content.length; at = field.lastIndex) {
    field.lastIndex = at;
    const match = field.exec(content);
    if (match === null) throw new Error(`Line ${lines.length}: a quote is out of place.`);
    const [, value = "", end = ""] = match;
    lines.at(-1)?.push(unquoted(value));
    if (end === "") break;
    if (end !== separator) lines.push([]);
    // A separator at the very end has an empty field behind it.
    else if (field.lastIndex === content.length) lines.at(-1)?.push("");
  }
  return lines.filter((line) => line.length > 1 || (line[0] ?? "") !== "");
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value;
}
