import { setImmediate as nextTurn } from "node:timers/promises";
import { aSpan } from "@rivulet/core/testing";
import { type Backend, openEngine } from "@rivulet/store/engine";
import { expect, onTestFinished, test, vi } from "vitest";
import { aFakeBackend } from "./fake-backend.ts";
import { aFolder } from "./folder.ts";

/** A backend whose database is away as long as `isAway` says so, and how often it was asked to take records. */
function aBackendAway(): { backend: Backend; state: { isAway: boolean; tries: number } } {
  const { backend } = aFakeBackend();
  const state = { isAway: true, tries: 0 };
  const take: Backend["take"] = async (batch) => {
    state.tries += 1;
    if (state.isAway) throw new Error("the database is away");
    return backend.take(batch);
  };
  return { backend: { ...backend, take }, state };
}

function withoutTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

const info = { driver: "memory", url: "memory:" };

test("what a database that was away did not take is taken when it is back, although nothing more is recorded", async () => {
  withoutTime();
  const { backend, state } = aBackendAway();
  const errors: string[] = [];
  const store = await openEngine({
    info,
    backend: { kind: "local", open: async () => backend },
    spool: await aFolder(),
    options: { onError: ({ message }) => errors.push(message) },
  });
  onTestFinished(store.close);
  store.journal.appendSpan(aSpan());
  await nextTurn();
  await vi.advanceTimersByTimeAsync(1200);
  expect(state.tries).toBe(3);
  state.isAway = false;
  await vi.advanceTimersByTimeAsync(500);
  expect(store.journal.stats()).toMatchObject({ appended: 1, dropped: 0, pendingBytes: 0 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(state.tries).toBe(4);
  expect(errors).toEqual(["the database is away"]);
});

test("a journal in memory that was closed while the database was away tries nothing more", async () => {
  withoutTime();
  const { backend, state } = aBackendAway();
  const store = await openEngine({
    info,
    backend: { kind: "local", open: async () => backend },
    options: {},
  });
  store.journal.appendSpan(aSpan());
  await nextTurn();
  await expect(store.close()).rejects.toThrow("the database is away");
  const { tries } = state;
  for (let round = 1; round <= 3; round += 1) {
    await vi.advanceTimersByTimeAsync(500);
    await nextTurn();
    await nextTurn();
  }
  expect(vi.getTimerCount()).toBe(0);
  expect(state.tries).toBe(tries);
});
