/** Whether a text names the answer, as a word or number of its own. */
export function hasAnswer(text: string, answer: string): boolean {
  const escaped = answer.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w]|\\.\\d)`, "i").test(text);
}
