/** What the process ends with. */
export const EXIT = {
  ok: 0,
  /** The command ran and found a problem, or failed. */
  problem: 1,
  /** The command line could not be understood. */
  usage: 2,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
