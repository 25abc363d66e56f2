/** Behind an escape of JSON, as in `\nada@example.org`, whose letter is no part of what follows. */
const BEHIND_ESCAPE = String.raw`(?<=\\(?:u[\dA-Fa-f]{4}|[bfnrt]))`;
const INSIDE_ESCAPE = String.raw`(?<!\\(?=[bfnrt]|u[\dA-Fa-f]{4}))`;

/**
 * An expression for candidates: they begin behind none of these characters, in plain text and in JSON.
 *
 * @param notBehind - a class such as `[\w.]`
 */
export function candidatesOf(notBehind: string, candidate: string): RegExp {
  return new RegExp(`(?:${BEHIND_ESCAPE}|(?<!${notBehind})${INSIDE_ESCAPE})(?:${candidate})`, "gu");
}
