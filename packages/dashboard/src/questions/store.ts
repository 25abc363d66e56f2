import type { RivuletStats, StoreDescription } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { type Question, refresh, STEADY } from "../api/query-client.ts";

/** What is in the store, and what retention removes. */
export const askStore: Question<StoreDescription> = {
  queryKey: ["store", null, "store"],
  queryFn: ({ signal }) => rivulet.withSignal(signal).describeStore(),
  staleTime: 60_000,
  meta: STEADY,
};

/** What waits in the queue of the server, and what it has lost. */
export const askStats: Question<RivuletStats> = {
  queryKey: ["store", null, "stats"],
  queryFn: ({ signal }) => rivulet.withSignal(signal).stats(),
  meta: STEADY,
};

/** Keeps a trace whatever its age, or takes that back. */
export async function setPinned(id: string, isPinned: boolean): Promise<void> {
  await (isPinned ? rivulet.traces.pin(id) : rivulet.traces.unpin(id));
  await refresh("trace");
}
