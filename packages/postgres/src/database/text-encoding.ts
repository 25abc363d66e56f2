/**
 * PostgreSQL keeps no NUL character in a text, no half of a surrogate pair, and its JSON functions fail on the
 * escapes that stand for them. So they are written with a mark and four hexadecimal digits instead. Text that
 * holds none of them, which is nearly all, is stored as it is.
 */

/** Stands before the code of a character that PostgreSQL does not keep. Unicode has set it aside for such use. */
export const CHARACTER_MARK = "\uFDD0";
/** Stands before the digits of a JSON escape, such as `\u0000`, of such a character. */
export const ESCAPE_MARK = "\uFDD1";

/** Escapes of a whole pair, of half of one or of NUL, of a backslash; the characters themselves. The first and third stay. */
const SPECIAL =
  /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u(?<digits>0000|[dD][89a-fA-F][\da-fA-F]{2})|\\)|(?<character>[\0\uFDD0\uFDD1]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF])/g;
const MARKED = /(?<mark>[\uFDD0\uFDD1])(?<digits>[\da-fA-F]{4})/g;

/** The text as PostgreSQL keeps it. Equal texts stay equal, different ones different. */
export function encodeText(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(SPECIAL, (match: string, digits?: string, character?: string) => {
    if (digits !== undefined) return ESCAPE_MARK + digits;
    return character === undefined ? match : CHARACTER_MARK + hexOf(character);
  });
}

/** The text as it was. */
export function decodeText(text: string): string {
  if (!text.includes(CHARACTER_MARK) && !text.includes(ESCAPE_MARK)) return text;
  return text.replace(MARKED, (_match, mark: string, digits: string) =>
    mark === ESCAPE_MARK ? `\\u${digits}` : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function isPlain(text: string): boolean {
  return (
    text.isWellFormed() &&
    !text.includes("\0") &&
    !text.includes("\\u") &&
    !text.includes(CHARACTER_MARK) &&
    !text.includes(ESCAPE_MARK)
  );
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}
