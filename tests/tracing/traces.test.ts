import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { NOON, openClient } from "./client.ts";

test("takes feedback right after the call, and while the trace is still in progress", async () => {
  const { rivulet } = openClient();
  const done = rivulet.withSpan("done", (span) => span.traceId);
  const feedback = await rivulet.traces.logFeedback({
    traceId: done,
    value: true,
    sourceId: "ada",
  });
  expect(feedback).toEqual({
    id: feedback.id,
    traceId: done,
    kind: "feedback",
    name: "user_feedback",
    value: true,
    source: "human",
    sourceId: "ada",
    metadata: {},
    createdAt: NOON,
  });

  const running = rivulet.startSpan("running");
  await rivulet.traces.logExpectation({ traceId: running.traceId, value: { city: "Rome" } });
  running.end();
  const listed = await rivulet.traces.listAssessments({ traceIds: [done, running.traceId] });
  expect(listed.map(({ kind, name }) => [kind, name]).sort()).toEqual([
    ["expectation", "expected"],
    ["feedback", "user_feedback"],
  ]);

  await rivulet.traces.deleteAssessment(feedback.id);
  expect(await rivulet.traces.listAssessments({ traceIds: [done] })).toEqual([]);
});

test("finds feedback that is true or false, with quotes or without", async () => {
  const { rivulet } = openClient();
  const traceId = rivulet.withSpan("liked", (span) => span.traceId);
  await rivulet.traces.logFeedback({ traceId, name: "helpful", value: true });
  for (const [filter, found] of [
    ["feedback.helpful = true", 1],
    ["feedback.helpful = 'true'", 1],
    ["feedback.helpful != TRUE", 0],
    ["feedback.helpful IN (false, 'no')", 0],
  ] as const) {
    expect([filter, (await rivulet.traces.search({ filter })).items.length]).toEqual([
      filter,
      found,
    ]);
  }
  await expect(rivulet.traces.search({ filter: "feedback.helpful = maybe" })).rejects.toThrow(
    /expected a number or text in single quotes/,
  );
});

test("refuses feedback for a trace that is not there, and bad feedback", async () => {
  const { rivulet } = openClient();
  const traceId = "f".repeat(32);
  await expect(rivulet.traces.logFeedback({ traceId, value: 1 })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(rivulet.traces.logFeedback({ traceId: "", value: 1 })).rejects.toMatchObject({
    code: "invalid_argument",
    details: { field: "feedback.traceId" },
  });
  await expect(rivulet.traces.logFeedback({ traceId, value: Number.NaN })).rejects.toMatchObject({
    code: "invalid_argument",
  });
});

test("finds, tags and deletes traces", async () => {
  const { rivulet, clock } = openClient();
  const make = (name: string): string => {
    clock.advance(10);
    return rivulet.withSpan(name, (span) => span.traceId);
  };
  const first = make("first");
  const second = make("second");
  await rivulet.flush();

  expect((await rivulet.traces.search()).items.map(({ name }) => name)).toEqual([
    "second",
    "first",
  ]);
  const tagged = await rivulet.traces.update(first, { tags: { kept: "yes" } });
  expect(tagged.tags).toEqual({ kept: "yes" });
  const found = await rivulet.traces.search({ filter: "tags.kept = 'yes'" });
  expect(found.items.map(({ id }) => id)).toEqual([first]);
  expect(await rivulet.traces.delete([first, "0".repeat(32)])).toBe(1);
  expect(await rivulet.traces.find(first)).toBeUndefined();
  await expect(rivulet.traces.get(first)).rejects.toMatchObject({ code: "not_found" });
  expect(
    (
      await rivulet.traces.getSpan({
        traceId: second,
        spanId: (await rivulet.traces.listSpans(second))[0]?.id ?? "",
      })
    ).name,
  ).toBe("second");
});

test("does not lose traces of an experiment whose name is new", async () => {
  const { rivulet } = openClient();
  for (let index = 0; index < 3; index++) rivulet.startSpan("work", { experimentId: "New" }).end();
  await rivulet.flush();
  const experiment = await rivulet.experiments.find("New");
  const found = await rivulet.traces.search({ experimentIds: [experiment?.id ?? ""] });
  expect(found.items.length).toBe(3);
});

test("keeps traces across a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = `sqlite:${join(folder, "traces.db")}`;
  const first = createRivulet({ store });
  const traceId = first.withSpan("kept", (span) => span.traceId, { input: "in" });
  await first.close();

  const second = createRivulet({ store });
  onTestFinished(() => second.close());
  expect(await second.traces.get(traceId)).toMatchObject({
    name: "kept",
    status: "ok",
    spanCount: 1,
  });
  expect((await second.traces.loadSpans(traceId))[0]?.input).toBe("in");
});
