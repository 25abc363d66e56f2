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

/** Filters that must all hold, as one; empty ones are left out. */
export function allOf(...filters: readonly string[]): string {
  const present = filters.filter((filter) => filter !== "");
  const [only = ""] = present;
  // One of them may hold an OR.
  return present.length < 2 ? only : present.map((filter) => `(${filter})`).join(" AND ");
}

/**
 * A filter for traces in which all these words are, the last of which may still be typed; signs that are no words
 * are looked for as they stand.
 */
export function withWords(text: string): string {
  if (!/[\p{L}\p{N}]/u.test(text)) return `text ILIKE ${anywhere(text)}`;
  return `text MATCH ${quote(/[\p{L}\p{N}]$/u.test(text) ? `${text}*` : text)}`;
}

/** A pattern for LIKE that finds `text` anywhere, as it stands. */
export function anywhere(text: string): string {
  if (!/[%_]/.test(text)) return quote(`%${text}%`);
  return `${quote(`%${text.replace(/[%_\\]/g, "\\$&")}%`)} ESCAPE '\\'`;
}
