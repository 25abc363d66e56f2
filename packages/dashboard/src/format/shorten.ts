/** A text that is too long for its place, without its middle: what tells long names apart is mostly at their end. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const kept = most - 1;
  const head = characters.slice(0, Math.floor(kept / 2));
  return `${head.join("")}…${characters.slice(head.length - kept).join("")}`;
}
