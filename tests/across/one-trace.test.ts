import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type SpanSkeleton } from "@rivulet/core";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { CALLEES, type Services } from "./callees.ts";
import { CALLERS } from "./callers.ts";

/** The span of a request ends behind the answer. */
const WAIT = { timeout: 20_000 };
/** One pair for all tests: to open a store costs more than a call. */
let both: Services;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-across-"));
  const store = `sqlite:${join(folder, "rivulet.db")}`;
  const [near, far] = [createRivulet({ store }), createRivulet({ store })];
  both = { near, far, store };
  return async () => {
    await near.close();
    await far.close();
    await rm(folder, { recursive: true });
  };
});

/** The spans of all traces. */
async function allSpans(): Promise<readonly SpanSkeleton[]> {
  await both.near.flush();
  await both.far.flush();
  const { items } = await both.near.traces.search();
  return (await Promise.all(items.map(({ id }) => both.near.traces.listSpans(id)))).flat();
}

/** The names of the spans from the root of its trace down to each that is called `work`. */
async function pathsOfWork(): Promise<readonly string[]> {
  const spans = await allSpans();
  const known = new Map(spans.map((span) => [span.id, span]));
  const path = ({ name, parentId }: SpanSkeleton): string => {
    const above = known.get(parentId ?? "");
    return above === undefined ? name : `${path(above)} > ${name}`;
  };
  return spans.filter(({ name }) => name === "work").map(path);
}

async function forgetTraces(): Promise<void> {
  const ids = (await allSpans()).map(({ traceId }) => traceId);
  await both.near.traces.delete([...new Set(ids)]);
}

describe.each(CALLERS)("%s calls", (_, above, caller) => {
  test.each(CALLEES)("%s: one trace", async (_what, below, callee) => {
    await forgetTraces();
    const call = await callee(both);
    await caller(both.near, call);
    const expected = [`${above} > ${below} > work`];
    await vi.waitFor(async () => expect(await pathsOfWork()).toEqual(expected), WAIT);
  });
});

test("several callers at once keep their traces apart", async () => {
  await forgetTraces();
  const callees = CALLEES.slice(0, 4);
  const calls = await Promise.all(callees.map(([, , callee]) => callee(both)));
  await Promise.all(
    CALLERS.flatMap(([, , caller]) => calls.map((call) => caller(both.near, call))),
  );
  const expected = CALLERS.flatMap(([, above]) =>
    callees.map(([, below]) => `${above} > ${below} > work`),
  ).sort();
  const sorted = async (): Promise<readonly string[]> => (await pathsOfWork()).toSorted();
  await vi.waitFor(async () => expect(await sorted()).toEqual(expected), WAIT);
  const work = (await allSpans()).filter(({ name }) => name === "work");
  expect(new Set(work.map(({ traceId }) => traceId)).size).toBe(work.length);
});
