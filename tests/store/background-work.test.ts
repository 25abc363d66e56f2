import { aSpan } from "@rivulet/core/testing";
import { type Backend, openEngine } from "@rivulet/store/engine";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { aFakeBackend } from "./fake-backend.ts";

type BackgroundStep = NonNullable<Backend["backgroundStep"]>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  return () => void vi.useRealTimers();
});

/** A store whose backend catches up like this. */
async function aStore(backgroundStep: BackgroundStep) {
  const errors: string[] = [];
  const { backend } = aFakeBackend();
  const store = await openEngine({
    info: { driver: "memory", url: "memory:" },
    backend: {
      kind: "local",
      open: async () => ({
        ...backend,
        take: async () => ({ changes: [{ entity: "trace", ids: ["1"] }], refused: [] }),
        backgroundStep,
      }),
    },
    options: { onError: ({ message }) => errors.push(message) },
  });
  onTestFinished(store.close);
  const record = async (): Promise<void> => {
    store.journal.appendSpan(aSpan());
    await store.journal.flush();
  };
  return { store, record, errors };
}

test("what was left the last time is caught up with step by step, and then looked for once a minute", async () => {
  let steps = 0;
  await aStore(async () => {
    steps += 1;
    return steps < 5 ? "more" : "done";
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(steps).toBe(5);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(steps).toBe(5);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(steps).toBe(6);
});

test("what is written is caught up with soon", async () => {
  const outcomes = ["done", "later", "more", "done"] as const;
  let steps = 0;
  const { record } = await aStore(async () => outcomes[steps++] ?? "done");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(steps).toBe(1);
  await record();
  await vi.advanceTimersByTimeAsync(500);
  expect(steps).toBe(2);
  await vi.advanceTimersByTimeAsync(510);
  expect(steps).toBe(4);
});

test("what is written during the last step is caught up with soon, not a minute later", async () => {
  let steps = 0;
  const first = Promise.withResolvers<"done">();
  const { record } = await aStore(async () => {
    steps += 1;
    return steps === 1 ? first.promise : "done";
  });
  await vi.advanceTimersByTimeAsync(500);
  await record();
  first.resolve("done");
  await vi.advanceTimersByTimeAsync(500);
  expect(steps).toBe(2);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(steps).toBe(2);
});

test("while others write all the time, steps take a twentieth of it", async () => {
  let steps = 0;
  const { record } = await aStore(async () => {
    steps += 1;
    await new Promise((done) => void setTimeout(done, 10));
    return "more";
  });
  for (let turn = 0; turn < 200; turn += 1) {
    await record();
    await vi.advanceTimersByTimeAsync(50);
  }
  // 10,000 ms; a step and the pause behind it are 210.
  expect(steps).toBeGreaterThan(35);
  expect(steps).toBeLessThan(50);
});

test("a step that fails is reported once, and tried again", async () => {
  let steps = 0;
  const { errors } = await aStore(async () => {
    steps += 1;
    if (steps < 4) throw new Error("away");
    return "done";
  });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(steps).toBe(4);
  expect(errors).toEqual(["away"]);
});

test("a store that is closed waits for the step that is under way, and begins no other", async () => {
  const done: string[] = [];
  const step = Promise.withResolvers<"more">();
  const { store } = await aStore(async () => {
    done.push("begun");
    const outcome = await step.promise;
    done.push("ended");
    return outcome;
  });
  await vi.advanceTimersByTimeAsync(1_000);
  const closing = store.close().then(() => done.push("closed"));
  step.resolve("more");
  await closing;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(done).toEqual(["begun", "ended", "closed"]);
});
