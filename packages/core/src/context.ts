import type { Journal, Store, StoreChange } from "@rivulet/store";

/** What `createRivulet` passes to every feature. */
export interface Context {
  /** The store, once it is open. @throws its error when it could not be opened, `closed` after `close()` */
  readonly store: () => Promise<Store>;
  /** `true` as soon as `close()` was called; for calls that need no store. */
  readonly isClosed: () => boolean;
  /** Calls a listener after changes by this or another process. Returns a function that ends the subscription. */
  readonly subscribe: (listener: (change: StoreChange) => void) => () => void;
  /** Accepts spans and metric points at once, even before the store is open. */
  readonly journal: Journal;
  /** Milliseconds since the epoch, with fractions. */
  readonly now: () => number;
  /** A random number from 0 up to 1, for draws that need not be reproducible. */
  readonly random: () => number;
  readonly ids: Ids;
  /** Reports a failure that must not reach the app. Never throws. */
  readonly reportError: (error: unknown) => void;
  /** Id of the run whose `with` encloses this code. */
  readonly activeRunId: () => string | undefined;
}

/** Generates ids, ordered by time so that indexes stay compact. */
export interface Ids {
  /** Digits. */
  experiment(): string;
  /** 32 hex digits. */
  run(): string;
  /** 32 hex digits. */
  trace(): string;
  /** 16 hex digits. */
  span(): string;
  /** For assessments and artifacts: 32 hex digits. */
  entity(): string;
}
