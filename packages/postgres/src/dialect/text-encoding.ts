/**
 * PostgreSQL keeps no NUL character in a text and no half of a surrogate pair, and its JSON functions fail on
 * the escapes that stand for them. So they are written with a mark and four hexadecimal digits instead: the
 * characters in every text, the escapes in what begins like JSON. Text that holds none of them, which is nearly
 * all, is stored as it is.
 */

/** Precedes the code of a character that PostgreSQL cannot store. Unicode reserves it for internal use. */
export const CHARACTER_MARK = "\uFDD0";
/** Precedes the digits of the JSON escape of such a character, such as `\u0000`. */
export const ESCAPE_MARK = "\uFDD1";

/** Such characters, and the marks themselves. */
const CHARACTER =
  /[\0\uFDD0\uFDD1]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Escapes of a backslash, which are stepped over; of a whole pair, which stay; of NUL or half a pair. */
const ESCAPE =
  /\\(?:\\|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u(?<digits>0000|[dD][89a-fA-F][\da-fA-F]{2}))/g;
const MARKED = /(?<mark>[\uFDD0\uFDD1])(?<digits>[\da-fA-F]{4})/g;

/** The text as PostgreSQL keeps it. Equal texts stay equal, different ones different. */
export function encodeText(text: string): string {
  const kept = isKept(text)
    ? text
    : text.replace(CHARACTER, (character) => CHARACTER_MARK + hexOf(character));
  if (!kept.includes("\\u") || !/^[{["]/.test(kept)) return kept;
  return kept.replace(ESCAPE, (match: string, digits?: string) =>
    digits === undefined ? match : ESCAPE_MARK + digits,
  );
}

/** The text as it was. */
export function decodeText(text: string): string {
  if (!text.includes(CHARACTER_MARK) && !text.includes(ESCAPE_MARK)) return text;
  return text.replace(MARKED, (_match, mark: string, digits: string) =>
    mark === ESCAPE_MARK ? `\\u${digits}` : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function isKept(text: string): boolean {
  return (
    text.isWellFormed() &&
    !text.includes("\0") &&
    !text.includes(CHARACTER_MARK) &&
    !text.includes(ESCAPE_MARK)
  );
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}
