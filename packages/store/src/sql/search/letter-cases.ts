/** Letters as databases do not fold them: SQLite and the locale C know the cases of ASCII only. */

/** Whether a pattern has letters beyond ASCII that have cases. */
export function hasOtherCases(pattern: string): boolean {
  return (pattern.match(/\P{ASCII}/gu) ?? []).some((letter) => casesOf(letter).length > 1);
}

/** The pattern with each letter in all its cases, `[éÉ]`, as globs and regular expressions have it. */
export function inAllCases(pattern: string): string {
  return pattern.replace(/[a-z]|\P{ASCII}/giu, (letter) => {
    const cases = casesOf(letter);
    return cases.length > 1 ? `[${cases.join("")}]` : letter;
  });
}

/** A letter in its cases, but for those that are several letters, such as SS of ß. */
function casesOf(letter: string): readonly string[] {
  const cases = new Set([letter, letter.toLowerCase(), letter.toUpperCase()]);
  return [...cases].filter((one) => one.length === letter.length);
}
