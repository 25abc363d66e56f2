import { hexId } from "@rivulet/store/contract";
import type { Ids } from "../context.ts";

/** Ids that count from 1, in the forms that real ones have: the first run is 31 zeros and a one. */
export function sequentialIds(): Ids {
  const counts = new Map<string, number>();
  const next = (kind: string): number => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count;
  };
  return Object.freeze<Ids>({
    experiment: () => String(next("experiment")),
    run: () => hexId(next("run")),
    trace: () => hexId(next("trace")),
    span: () => hexId(next("span"), 16),
    entity: () => hexId(next("entity")),
  });
}
