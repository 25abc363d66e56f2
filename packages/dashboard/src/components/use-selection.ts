import { useState } from "preact/hooks";
import type { Selection } from "./data-table.tsx";

/** Ticked rows, in the order in which they were ticked. */
export function useSelection(): Selection & { readonly clear: () => void } {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  return {
    keys,
    toggle: (key) => {
      const next = new Set(keys);
      if (!next.delete(key)) next.add(key);
      setKeys(next);
    },
    clear: () => setKeys(new Set()),
  };
}
