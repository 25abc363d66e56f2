import { messageOf, RivuletError } from "@rivulet/domain/errors";

/**
 * Gives what `read` makes of what a caller gave.
 *
 * @throws RivuletError what `read` throws, or `invalid_argument` when it fails because the input cannot be read
 */
export function readGiven<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    const why = messageOf(cause).split("\n", 1)[0] ?? "";
    throw new RivuletError("invalid_argument", `options: cannot be sent (${why})`, {
      cause,
      details: { field: "options" },
    });
  }
}

/** The error for a value that cannot be sent. */
export function unfit(field: string, problem: string): RivuletError {
  return new RivuletError("invalid_argument", `${field}: ${problem}`, { details: { field } });
}
