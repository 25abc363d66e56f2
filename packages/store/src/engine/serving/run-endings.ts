import type { RunEnding } from "../../port/backend.ts";
import type { EndedOwner } from "../spool/claims.ts";

/** Codes above it stand for a signal: 128 and its number. */
const LAST_EXIT_CODE = 128;

/** How the runs of a client end that was closed before they were. */
export const CLOSED_ENDING: RunEnding = {
  status: "failed",
  message: "the client was closed before the run was finished",
};

/** How the runs of an engine end that was not heard of any more. */
export const SILENT_ENDING: RunEnding = {
  status: "killed",
  message: "the process that ran it gave no sign of life for five minutes",
};

/** How the runs of a process end that is gone and has left no word, because it had no spool that we see. */
export const GONE_ENDING: RunEnding = {
  status: "killed",
  message: "the process that ran it is gone: it was killed, or exited without closing its client",
};

/** How the runs of a process end that has ended before they were finished. */
export function endingOf({ exitCode }: Pick<EndedOwner, "exitCode">): RunEnding {
  if (exitCode === undefined || exitCode > LAST_EXIT_CODE) {
    return { status: "killed", message: "the process was killed before the run was finished" };
  }
  return {
    status: "failed",
    message: `the process ended with exit code ${exitCode} before the run was finished`,
  };
}
