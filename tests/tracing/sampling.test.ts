import { expect, test } from "vitest";
import { openClient, testIds } from "./client.ts";

function halfIds(): ReturnType<typeof testIds> {
  let count = 0;
  const ends = ["00000000", "7fffffff", "80000000", "ffffffff"];
  return { ...testIds(), trace: () => String(count).padStart(24, "0") + (ends[count++ % 4] ?? "") };
}

test("decides by the trace's id at the root, and its children follow", async () => {
  const { rivulet } = openClient({ sampleRate: 0.5 }, { ids: halfIds() });
  const kept: boolean[] = [];
  for (let index = 0; index < 4; index++) {
    rivulet.withSpan("root", (root) => {
      rivulet.withSpan("child", (child) => {
        expect(child.sampled).toBe(root.sampled);
        expect(child.traceId).toBe(root.traceId);
        kept.push(child.sampled);
      });
    });
  }
  await rivulet.flush();
  expect(kept).toEqual([true, true, false, false]);
  expect((await rivulet.traces.search()).items.map(({ spanCount }) => spanCount)).toEqual([2, 2]);
});

test("leaves out what hangs under a parent that is not sampled", async () => {
  const { rivulet } = openClient();
  const parent = { traceId: "a".repeat(32), id: "b".repeat(16), sampled: false };
  const span = rivulet.startSpan("child", { parent });
  span.end();
  await rivulet.flush();
  expect(span.sampled).toBe(false);
  expect(await rivulet.traces.find(parent.traceId)).toBeUndefined();
});

test("records nothing when it is off, and runs the work all the same", async () => {
  const { rivulet } = openClient({ enabled: false });
  const double = (value: number): number => value * 2;
  expect(rivulet.traced(double)).toBe(double);
  expect(rivulet.withSpan("work", (span) => span.sampled)).toBe(false);
  rivulet.startSpan("more").end();
  await rivulet.flush();
  expect((await rivulet.traces.search()).items).toEqual([]);
});
