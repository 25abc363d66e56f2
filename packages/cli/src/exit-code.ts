/** Exit codes of the process. */
export const EXIT = {
  ok: 0,
  /** The command found a problem, or failed. */
  problem: 1,
  /** Wrong usage. */
  usage: 2,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
