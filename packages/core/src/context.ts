import type { Journal, Store, StoreChange } from "@rivulet/store";

/** What `createRivulet` gives to every feature. */
export interface Context {
  /** The store, once it is open. @throws its error when it could not be opened, `closed` after `close()` */
  readonly store: () => Promise<Store>;
  /** `true` from the moment `close()` is called; for answers that need no store. */
  readonly isClosed: () => boolean;
  /** Tells of changes, those of other processes too, until it is told to stop. */
  readonly subscribe: (listener: (change: StoreChange) => void) => () => void;
  /** Takes spans and metric points from the first tick on, before the store is open. */
  readonly journal: Journal;
  /** Milliseconds since the epoch, with fractions. */
  readonly now: () => number;
  /** A number from 0 up to 1, for draws that need not be repeatable. */
  readonly random: () => number;
  readonly ids: Ids;
  /** Reports a failure that must not reach the app. Never throws. */
  readonly reportError: (error: unknown) => void;
  /** The run whose `with` encloses this code. */
  readonly activeRunId: () => string | undefined;
}

/** Makes ids. Time-ordered, so that indexes stay compact. */
export interface Ids {
  /** Digits. */
  experiment(): string;
  /** 32 hex digits. */
  run(): string;
  /** 32 hex digits. */
  trace(): string;
  /** 16 hex digits. */
  span(): string;
  /** Assessments, artifacts: 32 hex digits. */
  entity(): string;
}
