import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createRivulet, type SpanSkeleton } from "@rivulet/core";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { SOURCE_FLAGS } from "../source-flags.ts";
import { CALLEES, GO_ON, type Services } from "./callees.ts";
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

test("a prompt split gives the same version in the next process, when its key goes along", async () => {
  const { near, store } = both;
  const arms = Array.from({ length: 8 }, (_, index) => ({ version: index + 1, weight: 1 }));
  for (const { version } of arms)
    await near.prompts.register({ name: "greet", template: `${version}` });
  await near.prompts.setSplit({ name: "greet", alias: "live", arms });
  const about = { promptKey: "u-17", propagate: true };
  const { headers, version } = await near.withTrace(about, () =>
    near.withSpan("caller", async () => ({
      headers: near.traceHeaders(),
      version: (await near.prompts.get("greet@live")).version,
    })),
  );
  const { traceparent: TRACEPARENT, baggage: BAGGAGE } = headers;
  const env = { ...process.env, PROMPT: "greet@live", TRACEPARENT, BAGGAGE };
  const child = spawn(process.execPath, [...SOURCE_FLAGS, GO_ON, store], { env });
  expect(await text(child.stdout)).toBe(`${version}`);
});
