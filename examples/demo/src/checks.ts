/** One thing that was looked up again after a step. */
interface Check {
  readonly what: string;
  readonly ok: boolean;
}

/** Collects checks. */
export interface Checks {
  /** @param found what was there instead, for the message */
  expect(what: string, ok: boolean, found?: unknown): void;
  readonly all: readonly Check[];
}

export function createChecks(): Checks {
  const all: Check[] = [];
  return {
    all,
    expect: (what, ok, found) => {
      const instead = ok || found === undefined ? "" : ` (found ${JSON.stringify(found)})`;
      all.push({ what: `${what}${instead}`, ok });
    },
  };
}
