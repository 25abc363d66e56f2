import type { StoreChange } from "../../port/store.ts";

/** Listeners for change events. */
export interface ChangeFeed {
  emit(changes: readonly StoreChange[]): void;
  subscribe(listener: (change: StoreChange) => void): () => void;
}

/** Options of {@link createChangeFeed}. */
export interface ChangeFeedParts {
  readonly onError: (error: Error) => void;
  /** Called when the first listener is added and when the last one is removed. */
  readonly onListening: (isListening: boolean) => void;
}

/** A feed whose listeners cannot affect each other or the store by throwing. */
export function createChangeFeed({ onError, onListening }: ChangeFeedParts): ChangeFeed {
  const listeners = new Set<(change: StoreChange) => void>();
  return {
    emit(changes) {
      for (const change of changes) {
        for (const listener of [...listeners]) tell(listener, change, onError);
      }
    },
    subscribe(listener) {
      // Wrapped, so that the same function can be added twice.
      const own = (change: StoreChange): void => listener(change);
      listeners.add(own);
      if (listeners.size === 1) onListening(true);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) onListening(false);
      };
    },
  };
}

function tell(
  listener: (change: StoreChange) => void,
  change: StoreChange,
  onError: (error: Error) => void,
): void {
  try {
    listener(change);
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
  }
}
