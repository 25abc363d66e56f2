import { RivuletError } from "@rivulet/domain";

/** Tells of records that are dropped because the journal takes no more. */
export interface DropReport {
  /** One more. */
  dropped(): void;
  /** Tells of those that were not told of. */
  close(): void;
}

/** What {@link createDropReport} works with. */
export interface DropReportParts {
  /** Why they are dropped, and what to do, behind "… dropped: ". */
  readonly why: string;
  readonly report: (error: RivuletError) => void;
}

/** How long the next ones are only counted. */
const QUIET_MS = 10_000;

/** Tells at the first record that is dropped, then at most every ten seconds of how many it were meanwhile. */
export function createDropReport({ why, report }: DropReportParts): DropReport {
  let untold = 0;
  let quiet: NodeJS.Timeout | undefined;

  const tell = (): void => {
    quiet = undefined;
    if (untold === 0) return;
    const records = untold;
    untold = 0;
    quiet = setTimeout(tell, QUIET_MS).unref();
    const what = records === 1 ? "A record was" : `${records} records were`;
    report(new RivuletError("limit_exceeded", `${what} dropped: ${why}`, { details: { records } }));
  };
  return {
    dropped() {
      untold += 1;
      if (quiet === undefined) tell();
    },
    close() {
      clearTimeout(quiet);
      tell();
      clearTimeout(quiet);
    },
  };
}
