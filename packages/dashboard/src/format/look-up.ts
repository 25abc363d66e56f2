/**
 * What a table has for a word that comes from an app, an address or a newer server; `undefined` for one that it does not
 * know, such as `constructor`.
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
