/** Tags that are words, as tags that have values. */
export function tagsOf(
  words: readonly string[] | undefined,
): Readonly<Record<string, string>> | undefined {
  return words && Object.fromEntries(words.map((word) => [word, "true"]));
}
