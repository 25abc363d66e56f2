import { join } from "node:path";
import {
  createRivulet,
  openStore,
  type Rivulet,
  type RivuletOptions,
  type Store,
} from "@rivulet/core";
import { BUILT_AT, fixedClock, sequentialIds } from "@rivulet/core/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { aFolder, refusal } from "./client.ts";

const DAY = 86_400_000;
/** Time for the first round of a client, and a little more. */
const ROUND = 10_000;
/** Between two rounds. */
const ROUND_EVERY = 600_000;
/** A round waits for workers, which a busy machine lets wait. */
const PATIENCE = { timeout: 20_000 };

interface Started {
  readonly rivulet: Rivulet;
  readonly errors: readonly Error[];
}

/** Clients of one store whose clock is moved by hand, and what they say on stderr. */
async function aStore(scheme = "sqlite") {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const said: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  onTestFinished(() => stderr.mockRestore());
  const store = scheme === "memory" ? "memory:" : `${scheme}:${join(await aFolder(), "test.db")}`;
  const clock = fixedClock();
  const ids = sequentialIds();
  const open = (options: RivuletOptions = {}): Started => {
    const errors: Error[] = [];
    const onError = (error: Error): void => void errors.push(error);
    const rivulet = createRivulet({ store, clock, ids, onError, ...options });
    onTestFinished(() => rivulet.close());
    return { rivulet, errors };
  };
  return { open, said, clock, store };
}

async function record(rivulet: Rivulet, ...names: readonly string[]): Promise<void> {
  for (const name of names) rivulet.startSpan(name).end();
  await rivulet.flush();
}

const names = async (rivulet: Rivulet): Promise<readonly string[]> =>
  (await rivulet.traces.search()).items.map(({ name }) => name);

/** Lets a client's timer run, and waits until what it does has come to an end. */
async function aRound(rivulet: Rivulet, ms = ROUND): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await rivulet.traces.count();
  await rivulet.flush();
}

test.each(["sqlite", "json"])(
  "traces of 30 days are removed, a day after that was said and not earlier: %s",
  async (scheme) => {
    const { open, said, clock } = await aStore(scheme);
    const { rivulet, errors } = open();
    await record(rivulet, "old", "judged");
    const [judged] = (await rivulet.traces.search({ filter: "name = 'judged'" })).items;
    await rivulet.traces.logFeedback({ traceId: judged?.id ?? "", value: true });
    clock.advance(31 * DAY);
    await record(rivulet, "new");
    await aRound(rivulet);
    await vi.waitFor(() => expect(said).toHaveLength(1));
    const from = new Date(BUILT_AT + 32 * DAY).toISOString().slice(0, 16).replace("T", " ");
    expect(said[0]).toMatch(/^\[rivulet\] Traces in .* are kept for 30 days or 5 GB/);
    expect(said[0]).toContain(`nothing is removed before ${from} UTC`);
    clock.advance(DAY - 1_000);
    await aRound(rivulet, 600_000);
    expect(await names(rivulet)).toHaveLength(3);
    clock.advance(1_000);
    await vi.advanceTimersByTimeAsync(600_000);
    await vi.waitFor(async () => expect(await names(rivulet)).toEqual(["new", "judged"]));
    await vi.waitFor(async () => expect((await rivulet.stats()).prunedTraces).toBe(1));
    expect(said).toHaveLength(1);
    expect(errors).toEqual([]);
  },
);

test("of several clients of a store, one says it, once", async () => {
  const { open, said } = await aStore();
  for (const { rivulet } of [open(), open()]) await aRound(rivulet);
  await vi.waitFor(() => expect(said).toHaveLength(1));
  const { rivulet } = open();
  await aRound(rivulet);
  expect(said).toHaveLength(1);
});

test.each([
  ["false", { retention: false } as const],
  ["a retention of its own", { retention: { maxTraces: 1_000 } }],
])("nothing is said or removed by default when one is given %s", async (_, options) => {
  const { open, said, clock, store } = await aStore();
  const { rivulet } = open(options);
  await record(rivulet, "old");
  await aRound(rivulet);
  const opened = await openStore(store);
  onTestFinished(() => opened.close());
  await vi.waitFor(async () =>
    expect(await opened.traces.retention()).toMatchObject({ givenAt: BUILT_AT }),
  );
  const other = open().rivulet;
  clock.advance(29 * DAY);
  await aRound(other);
  expect(said).toEqual([]);
  expect(await names(other)).toEqual(["old"]);
});

test("a store in memory goes with its process, and nothing is said of it", async () => {
  const { open, said } = await aStore("memory");
  const { rivulet } = open();
  await aRound(rivulet);
  expect(said).toEqual([]);
});

test("a store that is only read is left alone", async () => {
  const { open, said, store } = await aStore();
  await record(open({ retention: false }).rivulet, "old");
  const { rivulet, errors } = open({ store: await openStore(store, { readOnly: true }) });
  await aRound(rivulet);
  expect([said, errors]).toEqual([[], []]);
});

test("anything but an object or false is refused", () => {
  expect(() => createRivulet({ retention: true as never })).toThrow(
    expect.objectContaining(refusal("invalid_argument", /retention.*an object, or false/)),
  );
});

/** Rounds until one has looked at the clock as it is now. */
async function aLook(opened: Store, at: number): Promise<void> {
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(ROUND_EVERY);
    expect((await opened.traces.retention()).clock?.at).toBe(at);
  }, PATIENCE);
}

const YEARS = 73 * 365 * DAY;

test("a clock that jumps ahead removes nothing, and is believed after a day", async () => {
  const { open, said, clock, store } = await aStore();
  const { rivulet, errors } = open({ retention: { maxAgeMs: 30 * DAY } });
  await record(rivulet, "old");
  const opened = await openStore(store);
  onTestFinished(() => opened.close());
  await aLook(opened, clock());
  clock.advance(YEARS);
  await aLook(opened, clock());
  await vi.waitFor(() => expect(said).toHaveLength(1), PATIENCE);
  expect(said[0]).toMatch(/^\[rivulet\] The clock is 26645 days ahead of where it was/);
  clock.advance(DAY - 1_000);
  await aLook(opened, clock());
  clock.advance(500);
  await aLook(opened, clock());
  expect(await names(rivulet)).toEqual(["old"]);
  clock.advance(500);
  await aLook(opened, clock());
  await vi.waitFor(async () => expect(await names(rivulet)).toEqual([]), PATIENCE);
  expect(said).toHaveLength(1);
  expect(errors).toEqual([]);
});

test("what a wrong clock has noted does not last longer than the clock is wrong", async () => {
  const { open, said, clock, store } = await aStore();
  const { rivulet, errors } = open();
  const opened = await openStore(store);
  onTestFinished(() => opened.close());
  clock.advance(YEARS);
  await aRound(rivulet);
  await vi.waitFor(() => expect(said).toHaveLength(1), PATIENCE);
  clock.advance(-YEARS);
  await record(rivulet, "old");
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(ROUND_EVERY);
    expect((await opened.traces.retention()).told?.at).toBe(BUILT_AT);
  }, PATIENCE);
  clock.advance(DAY);
  await aLook(opened, clock());
  clock.advance(30 * DAY);
  await aLook(opened, clock());
  await vi.waitFor(async () => expect(await names(rivulet)).toEqual([]), PATIENCE);
  expect(said).toHaveLength(1);
  expect(errors).toEqual([]);
});
