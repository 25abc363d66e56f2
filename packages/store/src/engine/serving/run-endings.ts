import type { RunEnding } from "../../port/backend.ts";
import type { EndedOwner } from "../spool/spool-recovery.ts";

/** Exit codes above this stand for a signal: 128 plus its number. */
const LAST_EXIT_CODE = 128;

/** Ending of runs whose client was closed first. */
export const CLOSED_ENDING: RunEnding = {
  status: "failed",
  message: "the client was closed before the run was finished",
};

/** Ending of runs whose engine has gone silent. */
export const SILENT_ENDING: RunEnding = {
  status: "killed",
  message: "the process that ran it gave no sign of life for five minutes",
};

/** Ending of runs whose process is gone without a trace, because it had no spool that we can see. */
export const GONE_ENDING: RunEnding = {
  status: "killed",
  message: "the process that ran it is gone: it was killed, or exited without closing its client",
};

/** Ending of runs whose process has ended. */
export function endingOf({ exitCode }: Pick<EndedOwner, "exitCode">): RunEnding {
  if (exitCode === undefined || exitCode > LAST_EXIT_CODE) {
    return { status: "killed", message: "the process was killed before the run was finished" };
  }
  return {
    status: "failed",
    message: `the process ended with exit code ${exitCode} before the run was finished`,
  };
}
