import { createRivulet, openStore } from "@rivulet/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { NOON } from "./client.ts";

test.each([
  ["every minute", 1_000, 60_000],
  ["every quarter of a longer time in which they may be silent", 600_000, 150_000],
])("spans that other processes left are looked for after 5 s, then %s", async (...given) => {
  const [, abandonAfterMs, pause] = given;
  const opened = await openStore("memory:");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  let time = NOON;
  const looked: { readonly at: number; readonly before: number }[] = [];
  const closeAbandoned: typeof opened.traces.closeAbandoned = async ({ before }) => {
    looked.push({ at: time - NOON, before: before - NOON });
    return [];
  };
  const rivulet = createRivulet({
    store: { ...opened, traces: { ...opened.traces, closeAbandoned } },
    clock: () => time,
    tracing: { abandonAfterMs },
  });
  const pass = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      time += 500;
      await vi.advanceTimersByTimeAsync(500);
    }
  };
  await pass(5_000 + 2 * pause);
  await rivulet.close();
  await pass(2 * pause);
  const times = [5_000, 5_000 + pause, 5_000 + 2 * pause];
  expect(looked).toEqual(times.map((at) => ({ at, before: at - abandonAfterMs })));
});
