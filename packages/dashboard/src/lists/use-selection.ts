import { useRef, useState } from "preact/hooks";
import type { Selection } from "../components/column.ts";
import { forEntry } from "../routing/history-entry.ts";

/** Ticked rows, and what can be done to the ticks. */
export interface RowSelection extends Selection {
  readonly clear: () => void;
  readonly add: (keys: readonly string[]) => void;
}

/**
 * Ticked rows by key; `loaded` are the keys of the list, in its order. They are kept for Back. Ticks belong to what was
 * listed when they were made: where it is narrowed otherwise, nothing is done to rows that are out of sight.
 */
export function useSelection(loaded: readonly string[], listed: string): RowSelection {
  const [ticked, setTicked] = useState(readTicked);
  const last = useRef<{ readonly listed: string; readonly key: string }>();
  const keys = ticked.listed === listed ? ticked.keys : NONE;
  const change = (next: ReadonlySet<string>): void => {
    setTicked({ listed, keys: next });
    forEntry.write("ticked", { listed, keys: [...next] });
  };
  const hasAll = loaded.length > 0 && loaded.every((key) => keys.has(key));
  return {
    keys,
    hasAll,
    toggle: (key, isRange = false) => {
      // A range begins at a row that was ticked in this list, not in one that was narrowed otherwise.
      const from = isRange && last.current?.listed === listed ? last.current.key : undefined;
      const range = between(loaded, from, key);
      const isOn = !keys.has(key);
      last.current = { listed, key };
      const next = new Set(keys);
      for (const one of range) {
        if (isOn) next.add(one);
        else next.delete(one);
      }
      change(next);
    },
    toggleAll: () => change(new Set(hasAll ? [] : [...keys, ...loaded])),
    add: (more) => change(new Set([...keys, ...more])),
    clear: () => change(new Set()),
  };
}

/** The keys from one to another, in whichever order the two stand. */
function between(keys: readonly string[], from: string | undefined, to: string): readonly string[] {
  const start = from === undefined ? -1 : keys.indexOf(from);
  const end = keys.indexOf(to);
  if (start === -1 || end === -1) return [to];
  return keys.slice(Math.min(start, end), Math.max(start, end) + 1);
}

const NONE: ReadonlySet<string> = new Set();

interface Ticked {
  readonly listed: string;
  readonly keys: ReadonlySet<string>;
}

function readTicked(): Ticked {
  const ticked = forEntry.read("ticked") as
    | { readonly listed: string; readonly keys: readonly string[] }
    | undefined;
  return { listed: ticked?.listed ?? "", keys: new Set(ticked?.keys) };
}
