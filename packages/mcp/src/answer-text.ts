import { jsonText, RivuletError } from "@rivulet/core";

/**
 * Most characters of an answer: about 100,000 tokens, more than hosts accept. An answer is sent twice, as text and as
 * data, and a few larger ones would end a stdio connection.
 */
const MOST_CHARACTERS = 400_000;

/**
 * An answer as JSON text.
 *
 * @throws RivuletError `limit_exceeded` when it is larger than any host takes
 */
export function answerText(answer: unknown): string {
  const text = jsonText(answer);
  if (text.length <= MOST_CHARACTERS) return text;
  throw new RivuletError(
    "limit_exceeded",
    `The answer has ${text.length} characters; ${MOST_CHARACTERS} is the most. Ask for less: a smaller limit or max_chars, fewer fields, one span instead of a trace.`,
    { details: { limit: MOST_CHARACTERS } },
  );
}
