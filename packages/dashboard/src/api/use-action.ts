import { useRef, useState } from "preact/hooks";

/** A write on its way. */
export interface Action<Input> {
  readonly run: (input: Input) => Promise<boolean>;
  readonly isRunning: boolean;
  readonly error: Error | null;
  readonly clear: () => void;
}

/** Wraps a write: one at a time, with its error kept for showing. `run` tells whether it worked. */
export function useAction<Input>(work: (input: Input) => Promise<unknown>): Action<Input> {
  const [isRunning, setRunning] = useState(false);
  // Two clicks may come before anything is drawn again.
  const underWay = useRef(false);
  const [error, setError] = useState<Error | null>(null);
  const run = async (input: Input): Promise<boolean> => {
    if (underWay.current) return false;
    underWay.current = true;
    setRunning(true);
    setError(null);
    try {
      await work(input);
      return true;
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
      return false;
    } finally {
      underWay.current = false;
      setRunning(false);
    }
  };
  return { run, isRunning, error, clear: () => setError(null) };
}
