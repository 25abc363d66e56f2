/** Texts that a spreadsheet would take for a formula; numbers are none. */
const FORMULA = /^[=+\-@\t\r]/;

/** Lines of fields as CSV (RFC 4180). Text that a spreadsheet would run as a formula gets a `'` in front. */
export function csvOf(lines: readonly (readonly unknown[])[]): string {
  return lines.map((fields) => `${fields.map(fieldOf).join(",")}\r\n`).join("");
}

function fieldOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) && !isNumber(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
