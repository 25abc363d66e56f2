import { describe, expect, test } from "vitest";
import { aClient, refusal, runId, START, STORES } from "./client.ts";

const ID = "0123456789abcdef0123456789abcdef";

describe.each(STORES)("runs that go on, on %s", (kind) => {
  test("are running again, and their points go on behind those they have", async () => {
    const { rivulet, clock } = await aClient(kind);
    const first = await rivulet.runs.start({ name: "a", params: { lr: 0.1 } });
    first.logMetrics({ loss: 3 });
    first.logMetrics({ loss: 2 });
    await first.finish("failed");
    clock.advance(1000);
    const run = await rivulet.runs.resume(first.id);
    expect(run).toMatchObject({ id: first.id, experimentId: "0", name: "a" });
    const running = await rivulet.runs.get(run.id);
    expect(running).toMatchObject({ status: "running", startTime: START });
    expect(running).not.toHaveProperty("endTime");
    run.logMetrics({ loss: 1, acc: 1 });
    expect(await run.finish()).toMatchObject({ status: "finished", endTime: START + 1000 });
    const { items } = await rivulet.runs.metricHistory({ runId: run.id, key: "loss" });
    expect(items.map(({ step, value }) => [step, value])).toEqual([
      [0, 3],
      [1, 2],
      [2, 1],
    ]);
    await expect(rivulet.runs.resume(runId(77))).rejects.toMatchObject({ code: "not_found" });
  });

  test("are made by an id that the app gives, or go on with it", async () => {
    const { rivulet } = await aClient(kind);
    const made = await rivulet.runs.start({ id: ID, params: { a: 1 }, tags: { b: "1" } });
    expect(made.id).toBe(ID);
    const again = await rivulet.runs.start({ id: ID, params: { a: 1, c: 2 }, tags: { b: "2" } });
    expect(await again.finish()).toMatchObject({ params: { a: "1", c: "2" }, tags: { b: "2" } });
    await expect(rivulet.runs.start({ id: ID, params: { a: 2 } })).rejects.toMatchObject(
      refusal("conflict", /Params are written once/),
    );
    await expect(rivulet.runs.start({ id: ID, resume: "never" })).rejects.toMatchObject({
      code: "already_exists",
    });
    await expect(rivulet.runs.create({ id: ID })).rejects.toMatchObject({
      code: "already_exists",
    });
    const none = "f".repeat(32);
    await expect(rivulet.runs.start({ id: none, resume: "must" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(rivulet.runs.start({ id: "A".repeat(32) })).rejects.toMatchObject(
      refusal("invalid_argument", /^run\.id: must be 32 hex digits, in lower case$/),
    );
    await expect(rivulet.runs.start({ id: ID, experiment: "other" })).rejects.toMatchObject(
      refusal("conflict", /is of experiment 0, not of 1/),
    );
  });

  test("are one, however many begin at the same time", async () => {
    const { rivulet } = await aClient(kind);
    const byId = await Promise.all(Array.from({ length: 5 }, () => rivulet.runs.start({ id: ID })));
    expect(new Set(byId.map(({ id }) => id))).toEqual(new Set([ID]));
    const options = { name: "nightly", experiment: "iris", resume: "allow" } as const;
    const byName = await Promise.all(Array.from({ length: 5 }, () => rivulet.runs.start(options)));
    expect(new Set(byName.map(({ id }) => id)).size).toBe(1);
    expect(await rivulet.runs.count()).toEqual(2);
  });

  test("are found by their name in their experiment, the newest first", async () => {
    const { rivulet, clock } = await aClient(kind);
    await expect(rivulet.runs.start({ name: "a", resume: "must" })).rejects.toMatchObject(
      refusal("not_found", /No run of experiment 0 has the name "a"/),
    );
    await rivulet.runs.start({ name: "a" });
    clock.advance(1);
    const newest = await rivulet.runs.start({ name: "a" });
    expect((await rivulet.runs.start({ name: "a", resume: "must" })).id).toBe(newest.id);
    const other = await rivulet.runs.start({ name: "a", experiment: "b", resume: "allow" });
    expect(other.id).not.toBe(newest.id);
    await expect(rivulet.runs.start({ resume: "allow" })).rejects.toMatchObject(
      refusal("invalid_argument", /needs the id or the name of the run/),
    );
  });

  test("of a name begin anew when the one before is deleted or has another name", async () => {
    const { rivulet } = await aClient(kind);
    const nightly = { name: "nightly", resume: "allow" } as const;
    const start = async (): Promise<string> => (await rivulet.runs.start(nightly)).id;
    const ids: string[] = [];
    for (const _ of [1, 2, 3]) {
      const id = await start();
      ids.push(id);
      await rivulet.runs.delete(id);
    }
    const renamed = await start();
    await rivulet.runs.update(renamed, { name: "kept" });
    const both = await Promise.all([start(), start()]);
    expect(both[0]).toBe(both[1]);
    expect(new Set([...ids, renamed, both[0]]).size).toBe(5);
    expect(await rivulet.runs.get(renamed)).toMatchObject({ name: "kept" });
  });

  test("have owners, who were heard of", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    const open = await rivulet.runs.create();
    const [owner, ...others] = await rivulet.runs.owners({ runIds: [run.id, open.id] });
    expect(others).toEqual([]);
    expect(owner).toEqual({
      runId: run.id,
      id: expect.any(String),
      seenAt: expect.any(Number),
      silentMs: expect.any(Number),
    });
    await run.finish();
    expect(await rivulet.runs.owners({ runIds: [run.id] })).toEqual([]);
  });
});

test("the run that encloses the code is at hand, and a run inside need not be nested in it", async () => {
  const { rivulet } = await aClient("memory");
  expect(rivulet.activeRun()).toBeUndefined();
  await rivulet.runs.with({ name: "outer" }, async (outer) => {
    expect(rivulet.activeRun()).toBe(outer);
    const nested = await rivulet.runs.start();
    const free = await rivulet.runs.start({ parentRunId: null });
    expect((await rivulet.runs.get(nested.id)).parentRunId).toBe(outer.id);
    expect(await rivulet.runs.get(free.id)).not.toHaveProperty("parentRunId");
  });
  expect(rivulet.activeRun()).toBeUndefined();
});
