import type { FilterClause } from "@rivulet/domain";

/** What escapes in patterns as databases get them; JSON writes it as it is. */
const ESCAPE = "~";

/** Splits such a pattern into its wildcards, its escaped signs and the text between them. */
export const PATTERN_SIGNS: RegExp = /(~[~%_]|[%_])/;

/**
 * The pattern of a LIKE or ILIKE, in which `~` before `%`, `_` or `~` makes that sign stand for itself, whatever the
 * clause itself escapes with.
 */
export function likePattern(clause: FilterClause): string {
  const pattern = String(clause.value);
  const code = clause.escape?.codePointAt(0)?.toString(16);
  const signs = code === undefined ? /~/g : new RegExp(`\\u{${code}}(.)|~`, "gsu");
  return pattern.replace(signs, (_, behind: unknown) => {
    const plain = typeof behind === "string" ? behind : ESCAPE;
    return PATTERN_SIGNS.test(plain) || plain === ESCAPE ? `${ESCAPE}${plain}` : plain;
  });
}

/** The same clause with another pattern of that form. */
export function withPattern(clause: FilterClause, pattern: string): FilterClause {
  return { ...clause, value: pattern, escape: ESCAPE };
}
