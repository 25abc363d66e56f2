/** Text as a value of the search language. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A field with any key: `` metrics.`val loss` ``. */
export function field(prefix: string, key: string): string {
  return /^[A-Za-z_]\w*$/.test(key)
    ? `${prefix}.${key}`
    : `${prefix}.\`${key.replaceAll("`", "``")}\``;
}

/** Clauses joined by AND; empty ones are left out. */
export function allOf(...clauses: readonly string[]): string {
  return clauses.filter((clause) => clause !== "").join(" AND ");
}

const LOOKS_LIKE_FILTER = /[=<>]|\b(?:I?LIKE|IN|IS)\b/;

/** What was typed into a search box: a filter as it is, plain words as a clause that looks for them. */
export function fromSearchBox(text: string, words: (pattern: string) => string): string {
  if (text === "" || LOOKS_LIKE_FILTER.test(text)) return text;
  return words(text);
}

/** A pattern for LIKE that finds `text` anywhere. */
export function anywhere(text: string): string {
  return quote(`%${text}%`);
}
