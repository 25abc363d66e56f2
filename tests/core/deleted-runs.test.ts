import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aClient, aFolder, refusal, runId, START, STORES } from "./client.ts";

describe.each(STORES)("what is deleted, on %s", (kind) => {
  test("takes no writes: a run, by its id and through its handle", async () => {
    const { rivulet, errors } = await aClient(kind);
    const run = await rivulet.runs.start({ tags: { a: "1" } });
    const { deletedAt } = await rivulet.runs.delete(run.id);
    expect(deletedAt).toBe(START);
    const isDeleted = refusal("conflict", /is deleted\. Restore it before writing to it/);
    const writes = [
      () => rivulet.runs.update(run.id, { name: "b" }),
      () => rivulet.runs.logBatch({ runId: run.id, params: { a: 1 } }),
      () => run.logParams({ a: 1 }),
      () => run.setTags({ a: 2 }),
      () => run.finish(),
      () => rivulet.runs.resume(run.id),
      () => rivulet.runs.start({ id: run.id }),
    ];
    for (const write of writes) await expect(write()).rejects.toMatchObject(isDeleted);
    run.logMetric("loss", 1);
    await rivulet.flush();
    expect(errors.map(({ message }) => message)).toEqual([
      `Metrics were dropped: run "${run.id}" is deleted.`,
    ]);
    expect((await rivulet.stats()).journal.dropped).toBe(1);
    const restored = await rivulet.runs.restore(run.id);
    expect(restored).not.toHaveProperty("deletedAt");
    expect(restored).toMatchObject({ params: {}, tags: { a: "1" }, metrics: {} });
  });

  test("takes no writes: an experiment, by its id and by its name", async () => {
    const { rivulet } = await aClient(kind);
    const { id } = await rivulet.experiments.create({ name: "old" });
    const run = await rivulet.runs.start({ experimentId: id });
    await rivulet.experiments.delete(id);
    const writes = [
      () => rivulet.runs.start({ experiment: "old" }),
      () => rivulet.runs.start({ experimentId: id }),
      () => rivulet.runs.create({ experimentId: id }),
      () => rivulet.experiments.ensure("old"),
      () => rivulet.experiments.update(id, { tags: { a: "1" } }),
      () => run.declareMetrics({ loss: { better: "lower" } }),
      () => run.setTags({ a: "1" }),
      () => rivulet.runs.restore(run.id),
    ];
    for (const write of writes)
      await expect(write()).rejects.toMatchObject(refusal("conflict", /is deleted/));
  });

  test("takes no writes: the traces of an experiment, whose loss is told and counted", async () => {
    const { rivulet, errors } = await aClient(kind);
    const { id } = await rivulet.experiments.create({ name: "old" });
    const trace = (name: string, experimentId?: string): void =>
      rivulet.startSpan(name, experimentId === undefined ? {} : { experimentId }).end();
    const kept = rivulet.startSpan("kept", { experimentId: "old" });
    await rivulet.flush();
    await rivulet.experiments.delete(id);
    kept.end();
    for (const experiment of ["old", id]) trace("lost", experiment);
    trace("other");
    await rivulet.flush();
    const message = `Spans were dropped: experiment "old" (${id}) is deleted. Restore it, or trace to another.`;
    expect(new Set(errors.map((error) => error.message))).toEqual(new Set([message]));
    expect((await rivulet.stats()).journal.dropped).toBe(3);
    await rivulet.experiments.restore(id);
    trace("again", "old");
    await rivulet.flush();
    const { items } = await rivulet.traces.search({ experimentIds: [id, "0"] });
    expect(items.map(({ name }) => name).sort()).toEqual(["again", "kept", "other"]);
  });

  test("goes and comes back with its experiment, if it was not deleted by itself", async () => {
    const { rivulet, clock } = await aClient(kind);
    const { id } = await rivulet.experiments.create({ name: "old" });
    const alone = await rivulet.runs.start({ experimentId: id });
    const together = await rivulet.runs.start({ experimentId: id });
    await rivulet.runs.delete(alone.id);
    clock.advance(10);
    expect(await rivulet.experiments.delete(id)).toMatchObject({ deletedAt: START + 10 });
    const stages = async () =>
      (await rivulet.runs.search({ lifecycle: "all", orderBy: ["run_id"] })).items.map(
        ({ lifecycleStage, deletedAt }) => [lifecycleStage, deletedAt],
      );
    expect(await stages()).toEqual([
      ["deleted", START],
      ["deleted", START + 10],
    ]);
    expect(await rivulet.experiments.restore(id)).not.toHaveProperty("deletedAt");
    expect(await stages()).toEqual([
      ["deleted", START],
      ["active", undefined],
    ]);
    expect((await rivulet.runs.get(together.id)).lifecycleStage).toBe("active");
  });

  test("is removed for good, and nothing that is not deleted", async () => {
    const { rivulet, clock } = await aClient(kind);
    const make = async (name: string) => {
      const run = await rivulet.runs.start({ name, params: { a: 1 }, tags: { b: "2" } });
      run.logMetric("loss", 1);
      await run.logArtifact("a.txt", name);
      await run.finish();
      return run.id;
    };
    const [old, young, active] = [await make("old"), await make("young"), await make("active")];
    const child = await rivulet.runs.start({ parentRunId: old });
    await rivulet.runs.delete(old);
    clock.advance(1000);
    await rivulet.runs.delete(young);
    clock.advance(500);
    const older = { olderThanMs: 1000 };
    expect(await rivulet.runs.purge({ ...older, dryRun: true })).toEqual({ count: 1, kept: [] });
    expect((await rivulet.runs.get(old)).name).toBe("old");
    expect(await rivulet.runs.purge(older)).toEqual({ count: 1, kept: [] });
    expect(await rivulet.runs.find(old)).toBeUndefined();
    expect((await rivulet.runs.get(child.id)).parentRunId).toBeUndefined();
    const history = { runId: old, key: "loss" };
    await expect(rivulet.runs.metricHistory(history)).rejects.toMatchObject({ code: "not_found" });
    const ids = [young, active, "none"];
    expect(await rivulet.runs.purge({ ids })).toEqual({
      count: 1,
      kept: [
        expect.objectContaining({ id: active, code: "conflict" }),
        expect.objectContaining({ id: "none", code: "not_found" }),
      ],
    });
    expect((await rivulet.runs.get(active)).metrics).toEqual({ loss: 1 });
    expect((await rivulet.artifacts.get({ runId: active, path: "a.txt" })).contentType).toBe(
      "text/plain",
    );
    expect(await rivulet.runs.purge()).toEqual({ count: 0, kept: [] });
  });

  test("is removed from the age on that is said, to the millisecond, named or not", async () => {
    const { rivulet, clock } = await aClient(kind);
    const make = async () => {
      const { id: experimentId } = await rivulet.experiments.create({ name: `at ${clock()}` });
      const alone = await rivulet.runs.start();
      await rivulet.runs.delete(alone.id);
      await rivulet.experiments.delete(experimentId);
      return { run: alone.id, experiment: experimentId };
    };
    const first = await make();
    clock.advance(1);
    const second = await make();
    clock.advance(999);
    const ids = {
      runs: [first.run, second.run],
      experiments: [first.experiment, second.experiment],
    };
    const olderThanMs = 1000;
    const runs = { ids: ids.runs, olderThanMs };
    const experiments = { ids: ids.experiments, olderThanMs };
    const one = { count: 1, kept: [] };
    expect(await rivulet.runs.purge({ ...runs, dryRun: true })).toEqual(one);
    expect(await rivulet.runs.purge({ olderThanMs, dryRun: true })).toEqual(one);
    expect(await rivulet.experiments.purge({ olderThanMs, dryRun: true })).toMatchObject(one);
    expect(await rivulet.experiments.purge(experiments)).toMatchObject(one);
    expect(await rivulet.runs.purge(runs)).toEqual(one);
    expect(await rivulet.runs.find(first.run)).toBeUndefined();
    expect(await rivulet.runs.find(second.run)).toBeDefined();
    expect((await rivulet.experiments.get(second.experiment)).lifecycleStage).toBe("deleted");
  });

  test("is kept while a version of a model is made of it", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start({ experiment: "iris" });
    await run.logArtifact("model.json", { a: 1 });
    await rivulet.models.register({ name: "net", runId: run.id, artifactPath: "model.json" });
    await rivulet.experiments.delete(run.experimentId);
    const why = `Run "${run.id}" was kept: version 1 of the model "net" is made of it.`;
    expect((await rivulet.runs.purge()).kept.map(({ message }) => message)).toEqual([why]);
    expect(await rivulet.experiments.purge()).toEqual({
      count: 0,
      runs: 0,
      traces: 0,
      kept: [{ id: run.experimentId, code: "conflict", message: why }],
    });
    const { content } = await rivulet.artifacts.get({ runId: run.id, path: "model.json" });
    expect(JSON.parse(new TextDecoder().decode(content))).toEqual({ a: 1 });
  });

  test("is removed with its experiment: runs, traces and views", async () => {
    const { rivulet } = await aClient(kind);
    const { id } = await rivulet.experiments.create({ name: "old", tags: { a: "1" } });
    await rivulet.runs.with({ experimentId: id }, (run) => {
      run.logMetric("loss", 1);
      rivulet.startSpan("step", { experimentId: id }).end();
    });
    await rivulet.views.create({ name: "mine", page: "runs", query: "", experimentId: id });
    await rivulet.flush();
    expect((await rivulet.experiments.purge({ ids: [id] })).kept).toEqual([
      {
        id,
        code: "conflict",
        message: `Experiment "${id}" is not deleted, and only what is deleted is removed for good. Delete it first.`,
      },
    ]);
    await rivulet.experiments.delete(id);
    const all = { count: 1, runs: 1, traces: 1, kept: [] };
    expect(await rivulet.experiments.purge({ dryRun: true })).toEqual(all);
    expect(await rivulet.experiments.purge()).toEqual(all);
    expect(await rivulet.experiments.find("old")).toBeUndefined();
    expect(await rivulet.runs.find(runId(1))).toBeUndefined();
    expect((await rivulet.traces.search()).items).toEqual([]);
    expect((await rivulet.views.search()).items).toEqual([]);
    expect((await rivulet.experiments.create({ name: "old" })).name).toBe("old");
  });
});

test("the files of removed runs go with them, but for those that somebody else has", async () => {
  const folder = await aFolder();
  const { rivulet } = await aClient("sqlite", { store: `sqlite:${join(folder, "app.db")}` });
  const filesThere = async (): Promise<readonly string[]> => {
    const entries = await readdir(join(folder, "app.db.files"), {
      recursive: true,
      withFileTypes: true,
    });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  };
  const [gone, kept] = [await rivulet.runs.start(), await rivulet.runs.start()];
  for (const text of ["own", "both"]) await gone.logText(text, text);
  for (const text of ["both", "other"]) await kept.logText(text, text);
  // Files of the last minute are left to the removal of left files: somebody may be about to name them again.
  for (const file of await filesThere()) await utimes(file, 0, 0);
  await rivulet.runs.delete(gone.id);
  expect(await filesThere()).toHaveLength(3);
  await rivulet.runs.purge();
  expect(await filesThere()).toHaveLength(2);
  for (const text of ["both", "other"]) {
    const { content } = await rivulet.artifacts.get({ runId: kept.id, path: text });
    expect(Buffer.from(content).toString()).toBe(text);
  }
});
