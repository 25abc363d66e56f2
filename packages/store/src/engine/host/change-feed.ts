import type { StoreChange } from "../../port/store.ts";

/** Listeners of changes. */
export interface ChangeFeed {
  emit(changes: readonly StoreChange[]): void;
  subscribe(listener: (change: StoreChange) => void): () => void;
}

/** What {@link createChangeFeed} works with. */
export interface ChangeFeedParts {
  readonly onError: (error: Error) => void;
  /** Called when the first listener comes and when the last one goes. */
  readonly onListening: (isListening: boolean) => void;
}

/** A feed whose listeners cannot hurt each other or the store. */
export function createChangeFeed({ onError, onListening }: ChangeFeedParts): ChangeFeed {
  const listeners = new Set<(change: StoreChange) => void>();
  return {
    emit(changes) {
      for (const change of changes) {
        for (const listener of [...listeners]) tell(listener, change, onError);
      }
    },
    subscribe(listener) {
      // Wrapped, so that the same function can listen twice.
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
