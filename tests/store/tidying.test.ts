import { aSpan } from "@rivulet/core/testing";
import { openEngine } from "@rivulet/store/engine";
import { expect, onTestFinished, test, vi } from "vitest";
import { aFakeBackend } from "./fake-backend.ts";
import { aFolder } from "./folder.ts";

test("a database that is closed is not tidied any more, although closing it has brought records into it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const done: string[] = [];
  const { backend } = aFakeBackend();
  const store = await openEngine({
    info: { driver: "memory", url: "memory:" },
    backend: {
      kind: "local",
      open: async () => ({
        ...backend,
        take: async () => {
          done.push("take");
          return { changes: [{ entity: "trace", ids: ["1"] }], refused: [] };
        },
        tidy: async () => void done.push("tidy"),
        close: async () => void done.push("close"),
      }),
    },
    spool: await aFolder(),
    options: {},
  });
  store.journal.appendSpan(aSpan());
  await store.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(done).toEqual(["take", "tidy", "close"]);
});

test("a database is tidied once nothing was recorded for a second", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  let tidied = 0;
  const { backend, batches } = aFakeBackend();
  const store = await openEngine({
    info: { driver: "memory", url: "memory:" },
    backend: {
      kind: "local",
      open: async () => ({
        ...backend,
        take: async (batch) => ({
          ...(await backend.take(batch)),
          changes: [{ entity: "trace", ids: ["1"] }],
        }),
        tidy: async () => {
          tidied += 1;
        },
      }),
    },
    options: {},
  });
  onTestFinished(store.close);
  for (const batch of [1, 2]) {
    await vi.advanceTimersByTimeAsync(600);
    store.journal.appendSpan(aSpan());
    await store.journal.flush();
    expect(batches.length).toBe(batch);
  }
  await vi.advanceTimersByTimeAsync(999);
  expect(tidied).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tidied).toBe(1);
});
