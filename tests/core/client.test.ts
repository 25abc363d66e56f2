import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createRivulet, openStore, type StoreChange } from "@rivulet/core";
import { fixedClock } from "@rivulet/core/testing";
import { registerDriver } from "@rivulet/store";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { aClient, aFolder, refusal, STORES } from "./client.ts";

describe.each(STORES)("the client on %s", (kind) => {
  test("keeps what is recorded before its store is open, as it was at that moment", async () => {
    const { rivulet } = await aClient(kind);
    const input = { words: ["before"] };
    const span = rivulet.startSpan("first", { input });
    span.end({ output: "done" });
    input.words.push("after");
    await rivulet.flush();
    const [trace] = (await rivulet.traces.search()).items;
    const [stored] = await rivulet.traces.loadSpans(trace?.id ?? "");
    expect(stored).toMatchObject({ name: "first", input: { words: ["before"] }, output: "done" });
    expect((await rivulet.stats()).journal).toMatchObject({ dropped: 0, pendingBytes: 0 });
  });

  test("refuses every call after it is closed, and closes once", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.prompts.register({ name: "p", template: "x" });
    await rivulet.prompts.get("p");
    const closing = rivulet.close();
    await expect(rivulet.prompts.get("p")).rejects.toMatchObject({ code: "closed" });
    await closing;
    await rivulet.close();
    const calls = [
      () => rivulet.runs.start(),
      () => rivulet.runs.search(),
      () => rivulet.models.search(),
      () => rivulet.prompts.get("p"),
      () => rivulet.traces.search(),
      () => rivulet.datasets.search(),
      () => rivulet.evaluations.search(),
      () => rivulet.stats(),
      () => rivulet.flush(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "closed" });
    expect(rivulet.withSpan("late", () => 7)).toBe(7);
  });

  test("tells once a second of metrics that are logged after it is closed", async () => {
    const { rivulet, errors } = await aClient(kind);
    const run = await rivulet.runs.start();
    await rivulet.close();
    for (let step = 0; step < 3; step += 1) run.logMetrics({ loss: 1 }, { step });
    expect(errors).toEqual([
      expect.objectContaining({
        code: "closed",
        message: `Metrics of run "${run.id}" were not logged: the client is closed. Close it when the work is done.`,
      }),
    ]);
  });

  test("closes by await using", async () => {
    const { rivulet } = await aClient(kind);
    {
      await using inner = rivulet;
      await inner.experiments.ensure("x");
    }
    await expect(rivulet.experiments.find("x")).rejects.toMatchObject({ code: "closed" });
  });

  test("tells what changed, until it is asked to stop", async () => {
    const { rivulet } = await aClient(kind);
    const changes: StoreChange[] = [];
    const arrived = new Promise<void>((resolve) => {
      const stop = rivulet.subscribe((change) => {
        changes.push(change);
        stop();
        resolve();
      });
    });
    await rivulet.experiments.create({ name: "seen" });
    await arrived;
    await rivulet.experiments.create({ name: "unseen" });
    expect(changes).toEqual([{ entity: "experiment", ids: ["1"] }]);
  });

  test("tells nothing to who stopped listening before the store was open", async () => {
    const { rivulet } = await aClient(kind);
    const changes: StoreChange[] = [];
    rivulet.subscribe((change) => changes.push(change))();
    await rivulet.experiments.create({ name: "unheard" });
    expect(changes).toEqual([]);
  });

  test("says how it is", async () => {
    const { rivulet } = await aClient(kind);
    const span = rivulet.startSpan("open");
    const stats = await rivulet.stats();
    expect(stats).toMatchObject({ errors: 0, openSpans: 1, store: { driver: kind } });
    span.end();
    expect((await rivulet.stats()).openSpans).toBe(0);
  });
});

test("a span of the first tick survives a kill before the store is open", async () => {
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const code = `
    import { createRivulet } from "@rivulet/core";
    createRivulet({ store: ${JSON.stringify(store)} }).startSpan("early", { input: "in" }).end();
    setImmediate(() => process.kill(process.pid, "SIGKILL"));
  `;
  const args = ["--conditions=@rivulet/source", "--input-type=module", "--eval", code];
  const ended = promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  await expect(ended).rejects.toMatchObject({ signal: "SIGKILL" });
  const rivulet = createRivulet({ store });
  onTestFinished(() => rivulet.close());
  await rivulet.flush();
  const { items } = await rivulet.traces.search();
  expect(items).toMatchObject([{ name: "early", status: "ok", inputPreview: "in", spanCount: 1 }]);
});

describe("a store that cannot be opened", () => {
  test("is the error of every call, is reported once, and breaks no span", async () => {
    const folder = await aFolder();
    const file = join(folder, "not-a-folder");
    await writeFile(file, "");
    const errors: Error[] = [];
    const rivulet = createRivulet({
      store: `sqlite:${join(file, "x.db")}`,
      onError: (error) => errors.push(error),
    });
    expect(rivulet.withSpan("works", () => 7)).toBe(7);
    await expect(rivulet.runs.start()).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(rivulet.flush()).rejects.toMatchObject({ code: "store_unavailable" });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: "store_unavailable" });
    await rivulet.close();
    await expect(rivulet.runs.start()).rejects.toMatchObject({ code: "closed" });
  });

  test("of an unknown kind is named", async () => {
    const rivulet = createRivulet({ store: "mongodb://x", onError: () => undefined });
    onTestFinished(() => rivulet.close());
    await expect(rivulet.experiments.get("0")).rejects.toMatchObject(
      refusal("invalid_argument", /mongodb/),
    );
  });
});

describe("reportError", () => {
  test("writes a line on stderr where nobody listens", async () => {
    const code = `
      import { createRivulet } from "@rivulet/core";
      const rivulet = createRivulet();
      rivulet.reportError(new Error("two\\n  lines"));
      const { driver } = (await rivulet.stats()).store;
      await rivulet.close();
      process.stdout.write(driver);
    `;
    const args = ["--conditions=@rivulet/source", "--input-type=module", "--eval", code];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      cwd: import.meta.dirname,
      env: { ...process.env, RIVULET_STORE: "memory:" },
    });
    expect({ stdout, stderr }).toEqual({ stdout: "memory", stderr: "[rivulet] two lines\n" });
  });

  test("tells each message once a second, and counts all", async () => {
    const clock = fixedClock();
    const told: string[] = [];
    const store = await openStore("memory:");
    const rivulet = createRivulet({
      store,
      clock,
      onError: ({ message }) => told.push(message),
    });
    onTestFinished(() => rivulet.close());
    rivulet.reportError(new Error("a"));
    rivulet.reportError(new Error("a"));
    rivulet.reportError("b");
    clock.advance(1000);
    rivulet.reportError(new Error("a"));
    expect(told).toEqual(["a", "b", "a"]);
    expect((await rivulet.stats()).errors).toBe(4);
  });

  test("survives an onError that throws", async () => {
    const { rivulet } = await aClient("memory", {
      onError: () => {
        throw new Error("mine");
      },
    });
    expect(() => rivulet.reportError(new Error("x"))).not.toThrow();
  });
});

test("what is recorded while a driver is still being loaded waits for it, up to the journal's bound", async () => {
  const loaded = Promise.withResolvers<void>();
  registerDriver({
    schemes: ["test+slow"],
    async open(_url, options) {
      await loaded.promise;
      return openStore("memory:", { ...options, journalBytes: 1_000_000 });
    },
    restore: async () => undefined,
  });
  const errors: string[] = [];
  const rivulet = createRivulet({
    store: "test+slow:",
    journalBytes: 20_000,
    onError: ({ message }) => errors.push(message),
  });
  onTestFinished(() => rivulet.close());
  const input = "x".repeat(5_000);
  for (const name of ["one", "two", "three", "four", "five"]) {
    rivulet.startSpan(name, { input }).end();
  }
  // Spans are written when the tick ends.
  await new Promise(setImmediate);
  loaded.resolve();
  await rivulet.flush();
  const names = (await rivulet.traces.search()).items.map(({ name }) => name);
  expect(names.toSorted()).toEqual(["one", "three", "two"]);
  expect((await rivulet.stats()).journal).toMatchObject({
    appended: 3,
    dropped: 2,
    pendingBytes: 0,
  });
  expect(errors).toEqual([
    "Records are dropped: 20000 characters may wait until the store is open (option journalBytes).",
  ]);
});

test("what has waited for a driver is handed over in order: the first find room", async () => {
  const loaded = Promise.withResolvers<void>();
  registerDriver({
    schemes: ["test+narrow"],
    async open(_url, options) {
      await loaded.promise;
      return openStore("memory:", { ...options, journalBytes: 12_000 });
    },
    restore: async () => undefined,
  });
  const rivulet = createRivulet({ store: "test+narrow:", onError: () => undefined });
  onTestFinished(() => rivulet.close());
  for (const name of ["one", "two", "three"]) {
    rivulet.startSpan(name, { input: "x".repeat(5_000) }).end();
  }
  await new Promise(setImmediate);
  loaded.resolve();
  await rivulet.flush();
  const names = (await rivulet.traces.search()).items.map(({ name }) => name);
  expect(names.toSorted()).toEqual(["one", "two"]);
});

test.each<[string, object]>([
  ["a URL object", new URL("sqlite:app.db")],
  ["an empty object", {}],
  ["a list", []],
])("a store that is %s is refused, and nothing else fails", async (_what, store) => {
  const errors: Error[] = [];
  const rivulet = createRivulet({ store: store as never, onError: (error) => errors.push(error) });
  const refused = { code: "invalid_argument", details: { option: "store" } };
  await expect(rivulet.flush()).rejects.toMatchObject(refused);
  expect(errors).toEqual([expect.objectContaining(refused)]);
  await rivulet.close();
});

test("a client on a store that is open for reading reads it, and reports nothing", async () => {
  const url = `sqlite:${join(await aFolder(), "read.db")}`;
  const writer = createRivulet({ store: url });
  onTestFinished(() => writer.close());
  const { id } = await writer.runs.start({ name: "written" });

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const errors: Error[] = [];
  const opened = await openStore(url, { readOnly: true });
  const closing = vi.fn(opened.traces.closeAbandoned);
  const store = { ...opened, traces: { ...opened.traces, closeAbandoned: closing } };
  const reader = createRivulet({ store, onError: (error) => errors.push(error) });
  onTestFinished(() => reader.close());
  expect((await reader.runs.get(id)).name).toBe("written");
  await vi.advanceTimersByTimeAsync(5_000);
  await expect(closing.mock.results[0]?.value).rejects.toMatchObject({ code: "unsupported" });
  await reader.stats();
  expect(errors).toEqual([]);
});
