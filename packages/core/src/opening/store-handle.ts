import { RivuletError } from "@rivulet/domain";
import type { Journal, Store, StoreChange } from "@rivulet/store";
import { createFrontJournal } from "./front-journal.ts";

/** A store that is being opened, is open, or is closed again. */
export interface StoreHandle {
  /** The store for a call of the user. @throws its error when it cannot be opened, `closed` after `close` */
  readonly store: () => Promise<Store>;
  /** The store, also while it is being closed. */
  readonly opened: () => Promise<Store>;
  readonly isClosed: () => boolean;
  readonly journal: Journal;
  /** Calls back from the moment the store is open. */
  readonly subscribe: (listener: (change: StoreChange) => void) => () => void;
  /** Runs `flush`, then `stop`, then closes the store; once. */
  readonly close: (flush: () => Promise<void>, stop: () => void) => Promise<void>;
}

/** What {@link createStoreHandle} works with. */
export interface StoreOpening {
  /**
   * Opens the store. Calls back when its journal is there: a spool takes records before its database is open, so
   * that not even a crash in the first moments loses one.
   */
  readonly open: (onJournal: (journal: Journal) => void) => Promise<Store>;
  /** Most characters of records that wait for the journal. */
  readonly limit?: number | undefined;
  readonly reportError: (error: unknown) => void;
}

/** Opens a store in the background. */
export function createStoreHandle({ open, limit, reportError }: StoreOpening): StoreHandle {
  const journal = createFrontJournal({ opened: () => opening, limit, reportError });
  const opening = open(journal.attach);
  let closing: Promise<void> | undefined;

  opening.then(
    (store) => journal.attach(store.journal),
    (error) => {
      journal.shut();
      reportError(error);
    },
  );

  const close: StoreHandle["close"] = async (flush, stop) => {
    const store = await opening.catch(() => undefined);
    try {
      if (store !== undefined) await flush();
    } finally {
      stop();
      journal.shut();
      await store?.close();
    }
  };

  return Object.freeze<StoreHandle>({
    journal,
    opened: () => opening,
    isClosed: () => closing !== undefined,
    store: async () => {
      if (closing === undefined) return opening;
      throw new RivuletError("closed", "This Rivulet client is closed. Create a new one.");
    },
    subscribe: (listener) => subscribe(opening, listener),
    close: (flush, stop) => {
      closing ??= close(flush, stop);
      return closing;
    },
  });
}

function subscribe(opening: Promise<Store>, listener: (change: StoreChange) => void): () => void {
  let isWanted = true;
  let stop: (() => void) | undefined;
  opening.then(
    (store) => {
      if (isWanted) stop = store.subscribe(listener);
    },
    // Whoever opens the store reports why it cannot be opened.
    () => undefined,
  );
  return () => {
    isWanted = false;
    stop?.();
  };
}
