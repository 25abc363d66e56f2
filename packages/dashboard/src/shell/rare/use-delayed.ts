import { useEffect, useState } from "preact/hooks";

/** Long enough that fast typing asks once, short enough not to be noticed. */
const DELAY_MS = 120;

/** The value once it has stopped changing for a moment. */
export function useDelayed(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), DELAY_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
