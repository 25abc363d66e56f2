import type { Cursor } from "./cursor.ts";
import type { TypedField } from "./field-path.ts";
import type { FilterClause } from "./filter.ts";
import { readText } from "./parse-value.ts";
import type { Token } from "./tokens.ts";

/** Letters and digits are what patterns look for; `%` and `_` are what is escaped. */
const SIGN = /^[^\p{L}\p{N}\s%_]$/u;

/** Reads the pattern of LIKE or ILIKE and its `ESCAPE`, if any. @throws RivuletError `invalid_argument` */
export function readLike(
  cursor: Cursor,
  { words }: TypedField,
): Required<Pick<FilterClause, "value">> & Pick<FilterClause, "escape"> {
  const at = cursor.peek();
  const text = readText(cursor);
  const pattern = words === undefined ? text : text.toLowerCase();
  if (!cursor.takeWord("ESCAPE")) return { value: pattern };
  const sign = readEscape(cursor);
  checkEscapes(cursor, { pattern, sign, at });
  return { value: pattern, escape: sign };
}

function readEscape(cursor: Cursor): string {
  const at = cursor.peek();
  const sign = readText(cursor);
  if (SIGN.test(sign)) return sign;
  throw cursor.error(
    "ESCAPE takes one sign that is no letter, digit, space, % or _, such as '\\'",
    at,
  );
}

interface EscapedPattern {
  readonly pattern: string;
  /** What escapes. */
  readonly sign: string;
  /** Where the pattern stands. */
  readonly at: Token;
}

/** As in standard SQL, an escape before anything else is a mistake rather than a sign of its own. */
function checkEscapes(cursor: Cursor, { pattern, sign, at }: EscapedPattern): void {
  let from = pattern.indexOf(sign);
  while (from !== -1) {
    const behind = pattern.slice(from + sign.length);
    const escaped = ["%", "_", sign].find((one) => behind.startsWith(one));
    if (escaped === undefined) {
      const place = behind === "" ? "ends" : `goes on with "${[...behind][0] ?? ""}"`;
      throw cursor.error(
        `behind the escape ${sign} comes %, _ or ${sign} itself, and this pattern ${place}`,
        at,
      );
    }
    from = pattern.indexOf(sign, from + sign.length + escaped.length);
  }
}
