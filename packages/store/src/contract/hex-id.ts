/** `number` as an id of `digits` hex digits. */
export function hexId(number: number, digits = 32): string {
  return number.toString(16).padStart(digits, "0");
}
