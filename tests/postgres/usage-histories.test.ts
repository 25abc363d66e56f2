import { aUsageHistory, hexId, storedTotals } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

test("usage counts once, and that of scorers apart, when two stores write the same traces at the same time", async () => {
  const url = await aStoreUrl({ partitions: "week" });
  const stores = [(await openedPostgres(url)).store, (await openedPostgres(url)).store];
  const traces = Array.from({ length: 10 }, (_, number) => ({
    traceId: hexId(number + 1),
    experimentId: "0",
  }));
  const { batches, totals } = aUsageHistory({ seed: 7, traces, perBatch: 10 });
  for (const [place, batch] of batches.entries()) {
    for (const span of batch) stores[place % 2]?.journal.appendSpan(span);
    if (place % 2 === 1) await Promise.all(stores.map(({ journal }) => journal.flush()));
  }
  await Promise.all(stores.map(({ journal }) => journal.flush()));
  for (const [id, expected] of totals) {
    const [reader] = stores;
    const spans = (await reader?.traces.listSpans(id)) ?? [];
    expect(storedTotals(await reader?.traces.get(id), spans)).toEqual(expected);
  }
});
