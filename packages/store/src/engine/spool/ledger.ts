/** A number of records and the length of their lines. */
export interface Amount {
  readonly records: number;
  readonly bytes: number;
}

/** What the store has processed. */
export interface Taken extends Amount {
  /** Number of records it could not store: they are lost. */
  readonly refused: number;
}

/** Zero. */
export const NOTHING_TAKEN: Taken = { records: 0, bytes: 0, refused: 0 };

/** Bookkeeping of a journal's records: each is either pending, stored or dropped. */
export interface Ledger {
  /** Records that were dropped before or while they were written. */
  drop(records: number): void;
  /** Lines were handed to the store. */
  write(lines: Amount): void;
  /** The store has processed lines. */
  take(lines: Taken): void;
  /** The store has looked for all lines up to `written`. Returns how many are missing: they are lost. */
  writeOff(written: Amount): number;
  /** The store has processed all lines up to `written`, as far as can be known. */
  assumeTaken(written: Amount): void;
  /** Lines handed over since the start. */
  written(): Amount;
  /** Bytes handed over but not processed. */
  pendingBytes(): number;
  dropped(): number;
  /** Records handed over and not lost. */
  kept(): number;
}

/** An empty ledger. */
export function createLedger(): Ledger {
  let dropped = 0;
  let written: Amount = NOTHING_TAKEN;
  /** Written records that need no more waiting for: they are stored or lost. */
  let settled: Amount = NOTHING_TAKEN;
  /** Written records. */
  let lost = 0;

  /** A line may be processed twice if its file was replaced. */
  const settle = (to: Amount): void => {
    settled = {
      records: Math.min(to.records, written.records),
      bytes: Math.min(to.bytes, written.bytes),
    };
  };
  const assumeTaken = (upTo: Amount): void =>
    settle({
      records: Math.max(upTo.records, settled.records),
      bytes: Math.max(upTo.bytes, settled.bytes),
    });
  return {
    drop(records) {
      dropped += records;
    },
    write(lines) {
      written = sum(written, lines);
    },
    take(lines) {
      lost += lines.refused;
      settle(sum(settled, lines));
    },
    writeOff(upTo) {
      const missing = Math.max(0, upTo.records - settled.records);
      lost += missing;
      assumeTaken(upTo);
      return missing;
    },
    assumeTaken,
    written: () => written,
    pendingBytes: () => written.bytes - settled.bytes,
    dropped: () => dropped + lost,
    kept: () => written.records - lost,
  };
}

function sum(one: Amount, other: Amount): Amount {
  return { records: one.records + other.records, bytes: one.bytes + other.bytes };
}
