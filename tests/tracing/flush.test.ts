import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import { createRivulet, openStore, type RivuletOptions } from "@rivulet/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient } from "./client.ts";

const NOTHING = {
  written: 0,
  dropped: { records: 0, files: 0, unsampledTraces: 0, sampledOutTraces: 0 },
  openSpans: 0,
  undecidedTraces: 0,
  pendingBytes: 0,
  errors: 0,
};

test("tells what was written since the flush before, and what is still open", async () => {
  const { rivulet } = openClient();
  expect(await rivulet.flush()).toEqual(NOTHING);
  const root = rivulet.startSpan("root");
  rivulet.withSpan("step", () => undefined, { parent: root });
  expect(await rivulet.flush()).toEqual({ ...NOTHING, written: 2, openSpans: 1 });
  expect(await rivulet.flush()).toEqual({ ...NOTHING, openSpans: 1 });
  root.end();
  expect(await rivulet.flush()).toEqual({ ...NOTHING, written: 1 });
});

test("what is recorded while a flush runs is told by the next one", async () => {
  const { journal, ...store } = await openStore("memory:");
  const flush = async (): Promise<void> => {
    await journal.flush();
    rivulet.startSpan("meanwhile").end();
  };
  const { rivulet } = openClient({}, { store: { ...store, journal: { ...journal, flush } } });
  rivulet.startSpan("before").end();
  expect(await rivulet.flush()).toMatchObject({ written: 1 });
  rivulet.startSpan("after").end();
  expect(await rivulet.flush()).toMatchObject({ written: 2 });
});

test("tells everything that was dropped, once and by reason", async () => {
  const { rivulet } = openClient({
    sampleRate: { "left out": 0 },
    tailSampling: { waitMs: 0 },
    mediaBytes: 500,
  });
  rivulet.startSpan("left out").end();
  rivulet.startSpan("well").end();
  rivulet.startSpan("open", { input: new Uint8Array(1_000) });
  rivulet.reportError(new Error("an adapter's"));
  expect(await rivulet.flush()).toEqual({
    written: 1,
    dropped: { records: 0, files: 1, unsampledTraces: 1, sampledOutTraces: 1 },
    openSpans: 1,
    undecidedTraces: 1,
    pendingBytes: 0,
    errors: 1,
  });
  expect(await rivulet.flush()).toEqual({ ...NOTHING, openSpans: 1, undecidedTraces: 1 });
});

test("tells of records for which the journal had no room", async () => {
  const rivulet = createRivulet({
    store: "memory:",
    journalBytes: 1_000,
    onError: () => undefined,
  });
  onTestFinished(() => rivulet.close());
  await rivulet.flush();
  rivulet.startSpan("small").end();
  rivulet.startSpan("large", { input: "x".repeat(2_000) }).end();
  const report = await rivulet.flush();
  expect([report.written, report.dropped.records]).toEqual([1, 1]);
});

/** A client whose platform keeps the promises that it is given. */
function onPlatform(waitUntil?: RivuletOptions["waitUntil"]): {
  readonly rivulet: ReturnType<typeof createRivulet>;
  readonly promises: Promise<void>[];
  readonly errors: Error[];
} {
  const promises: Promise<void>[] = [];
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store: "memory:",
    waitUntil: waitUntil ?? ((flushed) => void promises.push(flushed)),
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => rivulet.close());
  return { rivulet, promises, errors };
}

test("a platform is given a promise for each trace that ends, which brings the trace into the store", async () => {
  const { rivulet, promises } = onPlatform();
  const { traceId } = rivulet.withSpan("root", (root) => {
    rivulet.withSpan("step", () => undefined);
    expect(promises).toHaveLength(0);
    return root;
  });
  expect(promises).toHaveLength(1);
  expect(await promises[0]).toBeUndefined();
  expect(await rivulet.traces.find(traceId)).toMatchObject({ spanCount: 2 });
});

test("traces that end together share a flush, a later one has its own", async () => {
  const { rivulet, promises } = onPlatform();
  for (const name of ["one", "two"]) rivulet.startSpan(name, { parent: null }).end();
  expect(promises[1]).toBe(promises[0]);
  await promises[0];
  await rivulet.traces.record([
    { traceId: "a".repeat(32), id: "b".repeat(16), name: "three", startTime: 1, endTime: 2 },
  ]);
  expect(promises[2]).not.toBe(promises[0]);
  await promises[2];
  expect((await rivulet.traces.search()).items).toHaveLength(3);
});

test("a trace that ends while a flush runs waits for its end, and has a flush of its own", async () => {
  const store = await openStore("memory:");
  onTestFinished(() => store.close());
  const going: (() => void)[] = [];
  const flush = (): Promise<void> => new Promise((resolve) => going.push(resolve));
  const promises: Promise<void>[] = [];
  const rivulet = createRivulet({
    store: { ...store, journal: { ...store.journal, flush } },
    waitUntil: (flushed) => promises.push(flushed),
  });
  rivulet.startSpan("one", { parent: null }).end();
  await vi.waitFor(() => expect(going).toHaveLength(1));
  rivulet.startSpan("two", { parent: null }).end();
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  expect(going).toHaveLength(1);
  going[0]?.();
  await promises[0];
  await vi.waitFor(() => expect(going).toHaveLength(2));
  going[1]?.();
  await promises[1];
});

test("the platform is asked in the context of the request whose trace has ended", async () => {
  const requests = new AsyncLocalStorage<string>();
  const asked: unknown[] = [];
  const { rivulet } = onPlatform(() => asked.push(requests.getStore()));
  for (const request of ["first", "second"]) {
    await requests.run(request, () => rivulet.withSpan("request", async () => undefined));
  }
  expect(asked).toEqual(["first", "second"]);
});

test.each([
  [
    "throws",
    (): never => {
      throw new Error("outside a request");
    },
  ],
  ["rejects", () => Promise.reject(new Error("outside a request"))],
])("a platform that %s does not reach the app", async (_what, waitUntil) => {
  const { rivulet, errors } = onPlatform(waitUntil);
  expect(rivulet.withSpan("root", () => "done")).toBe("done");
  await rivulet.flush();
  expect(errors.map(({ message }) => message)).toEqual(["outside a request"]);
});

test("a platform that records what it does with a promise is not told of that for ever", async () => {
  const told: Promise<void>[] = [];
  const { rivulet } = onPlatform(async (flushed) => {
    told.push(flushed);
    await rivulet.withSpan("wait", () => flushed);
  });
  rivulet.withSpan("request", () => undefined);
  await told[0];
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  await rivulet.flush();
  expect(told).toHaveLength(1);
  const { items } = await rivulet.traces.search();
  expect(items.map(({ name, status }) => [name, status])).toEqual([
    ["wait", "ok"],
    ["request", "ok"],
  ]);
});

test("the promise does not reject when the store fails: that is reported", async () => {
  const store = await openStore("memory:");
  const failing = {
    ...store,
    journal: { ...store.journal, flush: () => Promise.reject(new Error("disk full")) },
  };
  onTestFinished(() => store.close());
  const promises: Promise<void>[] = [];
  const errors: string[] = [];
  const rivulet = createRivulet({
    store: failing,
    waitUntil: (flushed) => promises.push(flushed),
    onError: ({ message }) => errors.push(message),
  });
  rivulet.startSpan("root").end();
  expect(await promises[0]).toBeUndefined();
  expect(errors).toEqual(["disk full"]);
});
