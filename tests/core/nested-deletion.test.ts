import type { Rivulet } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aClient, refusal, runId, STORES } from "./client.ts";

async function aRun(rivulet: Rivulet, name: string, parentRunId?: string): Promise<string> {
  const parent = parentRunId === undefined ? {} : { parentRunId };
  return (await rivulet.runs.create({ name, ...parent })).id;
}

async function namesOf(rivulet: Rivulet): Promise<readonly string[]> {
  const { items } = await rivulet.runs.search();
  return items.map(({ name }) => name).sort();
}

describe.each(STORES)("a run with others in it on %s", (kind) => {
  test("is deleted alone, or with all of them at any depth", async () => {
    const { rivulet } = await aClient(kind);
    const sweep = await aRun(rivulet, "sweep");
    const fold = await aRun(rivulet, "fold", sweep);
    await aRun(rivulet, "seed", fold);
    await aRun(rivulet, "other");

    expect(await rivulet.runs.delete(sweep)).toMatchObject({ lifecycleStage: "deleted" });
    expect(await namesOf(rivulet)).toEqual(["fold", "other", "seed"]);
    await rivulet.runs.restore(sweep);

    const deleted = await rivulet.runs.delete(sweep, { withChildren: true });
    expect(deleted).toMatchObject({ id: sweep, lifecycleStage: "deleted" });
    expect(await namesOf(rivulet)).toEqual(["other"]);
  });

  test("is restored with those that were deleted with it, and none that had been deleted before", async () => {
    const { rivulet, clock } = await aClient(kind);
    const sweep = await aRun(rivulet, "sweep");
    const failed = await aRun(rivulet, "failed", sweep);
    await aRun(rivulet, "below failed", failed);
    await aRun(rivulet, "fine", sweep);
    await rivulet.runs.delete(failed);
    clock.advance(1000);
    await rivulet.runs.delete(sweep, { withChildren: true });
    expect(await namesOf(rivulet)).toEqual([]);

    const restored = await rivulet.runs.restore(sweep, { withChildren: true });
    expect(restored).toMatchObject({ id: sweep, lifecycleStage: "active" });
    expect(await namesOf(rivulet)).toEqual(["below failed", "fine", "sweep"]);
    await rivulet.runs.restore(failed);
    expect(await namesOf(rivulet)).toEqual(["below failed", "failed", "fine", "sweep"]);
  });

  test("is not there, or is given what nobody knows: nothing is deleted", async () => {
    const { rivulet } = await aClient(kind);
    const missing = rivulet.runs.delete(runId(99), { withChildren: true });
    await expect(missing).rejects.toMatchObject(refusal("not_found", /run/));
    const sweep = await aRun(rivulet, "sweep");
    const misspelt = rivulet.runs.delete(sweep, { withChilds: true } as never);
    await expect(misspelt).rejects.toMatchObject(
      refusal("invalid_argument", /withChilds: is not known here\. Did you mean withChildren\?/),
    );
    expect(await namesOf(rivulet)).toEqual(["sweep"]);
  });
});

test("more than a page of runs is deleted and restored with the one that they are in", async () => {
  const { rivulet } = await aClient("sqlite");
  const sweep = await aRun(rivulet, "sweep");
  const names = Array.from({ length: 1100 }, (_, n) => `run ${n}`);
  const ids = await Promise.all(names.map((name) => aRun(rivulet, name, sweep)));
  await aRun(rivulet, "below the last", ids.at(-1));

  await rivulet.runs.delete(sweep, { withChildren: true });
  expect(await rivulet.runs.count()).toBe(0);
  await rivulet.runs.restore(sweep, { withChildren: true });
  expect(await rivulet.runs.count()).toBe(1102);
});
