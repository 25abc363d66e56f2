/** How often each text of the tests' (`zz.text`) is in a value. */
export function told(value: unknown): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [text] of JSON.stringify(value ?? null).matchAll(/zz\.[a-z_]+/g)) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
