/** Who is told of what one client does. */
export interface Listeners<Change> {
  /** Tells all of them. What one of them throws is reported. */
  readonly tell: (change: Change) => void;
  /** Whether there is nobody. */
  readonly isEmpty: () => boolean;
  /** Adds one; gives the way to end that. */
  readonly subscribe: (listener: (change: Change) => void) => () => void;
}

/** Nobody at first. */
export function createListeners<Change>(reportError: (error: unknown) => void): Listeners<Change> {
  const listeners = new Set<(change: Change) => void>();
  return {
    isEmpty: () => listeners.size === 0,
    tell: (change) => {
      for (const listener of listeners) {
        try {
          listener(change);
        } catch (error) {
          reportError(error);
        }
      }
    },
    subscribe: (listener) => {
      const own = (change: Change): void => listener(change);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
  };
}
