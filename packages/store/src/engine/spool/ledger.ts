/** Records, and how long their lines are. */
export interface Amount {
  readonly records: number;
  readonly bytes: number;
}

/** What the store has taken. */
export interface Taken extends Amount {
  /** Of the records, those that it could not store: they are lost. */
  readonly refused: number;
}

/** Nothing. */
export const NOTHING_TAKEN: Taken = { records: 0, bytes: 0, refused: 0 };

/** What became of the records of a journal: each is waiting, or in the store, or dropped, and never two of it. */
export interface Ledger {
  /** Records that were not even begun, or lost while they were written. */
  drop(records: number): void;
  /** Lines were handed over to the store. */
  write(lines: Amount): void;
  /** The store has taken lines. */
  take(lines: Taken): void;
  /** The store has looked for all lines up to `written`. Returns how many it has not found: they are lost. */
  writeOff(written: Amount): number;
  /** The store has taken all lines up to `written`, as far as it can be known. */
  assumeTaken(written: Amount): void;
  /** Lines handed over since the start. */
  written(): Amount;
  /** Bytes handed over and not taken. */
  pendingBytes(): number;
  dropped(): number;
  /** Records handed over and not lost. */
  kept(): number;
}

/** A ledger without entries. */
export function createLedger(): Ledger {
  let dropped = 0;
  let written: Amount = NOTHING_TAKEN;
  /** Of what was written, what need not be waited for any more: it is in the store, or lost. */
  let settled: Amount = NOTHING_TAKEN;
  /** Of what was written. */
  let lost = 0;

  /** A line may be taken twice, when its file was replaced. */
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
