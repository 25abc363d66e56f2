/** Whether a name has all the words of a text, as they were typed; capitals make no difference. */
export function hasWords(name: string, text: string): boolean {
  const within = name.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}
