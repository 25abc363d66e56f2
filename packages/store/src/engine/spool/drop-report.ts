import { RivuletError } from "@rivulet/domain";

/** Reports records that are dropped because the journal cannot accept more. */
export interface DropReport {
  /** Counts one more dropped record. */
  dropped(): void;
  /** Reports those not reported yet. */
  close(): void;
}

/** Options of {@link createDropReport}. */
export interface DropReportParts {
  /** Why they are dropped and what to do; follows "… dropped: ". */
  readonly why: string;
  /** What is dropped. @default 'record' */
  readonly what?: "record" | "file";
  readonly report: (error: RivuletError) => void;
}

/** Milliseconds for which further ones are only counted. */
const QUIET_MS = 10_000;

/** Reports the first dropped record, then at most every ten seconds how many there were since. */
export function createDropReport({ why, what = "record", report }: DropReportParts): DropReport {
  let untold = 0;
  let quiet: NodeJS.Timeout | undefined;

  const tell = (): void => {
    quiet = undefined;
    if (untold === 0) return;
    const count = untold;
    untold = 0;
    quiet = setTimeout(tell, QUIET_MS).unref();
    const some = count === 1 ? `A ${what} was` : `${count} ${what}s were`;
    const details = { [`${what}s`]: count };
    report(new RivuletError("limit_exceeded", `${some} dropped: ${why}`, { details }));
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
