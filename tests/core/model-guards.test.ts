import type { ModelChange, Rivulet, Store } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aClient, aStoreOf, refusal, STORES } from "./client.ts";

async function versions(rivulet: Rivulet, accuracies: readonly number[]): Promise<void> {
  for (const accuracy of accuracies) {
    const run = await rivulet.runs.start();
    run.logMetric("accuracy", accuracy);
    await run.finish();
    await rivulet.models.register({ name: "m", runId: run.id });
  }
}

/** Models that others change just before a version is brought somewhere: each time by the first of `between`. */
function doneBefore(models: Store["models"], between: (() => Promise<unknown>)[]): Store["models"] {
  const one = async (): Promise<unknown> => between.shift()?.();
  return {
    ...models,
    setAlias: async (write) => one().then(() => models.setAlias(write)),
    setStage: async (write) => one().then(() => models.setStage(write)),
    addVersion: async (version) => one().then(() => models.addVersion(version)),
  };
}

function told({ kind, version, alias, before, after, userId, why, forced }: ModelChange): object {
  const facts = { kind, version, alias, before, after, userId, why, forced };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

describe.each(STORES)("models on %s", (kind) => {
  test("have a history that says who did what and why, and that outlives them", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await models.register({ name: "m", userId: "ann", why: "first", aliases: ["live"] });
    await models.register({ name: "m" });
    const by = { userId: "bo", why: "better" };
    await models.setAlias({ name: "m", alias: "live", version: 2, ...by });
    await models.setStage({ name: "m", version: 2, stage: "Staging" });
    await models.deleteVersion({ name: "m", version: 2, ...by });
    await models.rename("m", { newName: "n", why: "clearer" });
    await models.delete("n", { why: "unused" });
    const { items } = await models.history({ name: "n" });
    expect(items.toReversed().map(told)).toEqual([
      { kind: "model_created", userId: "ann", why: "first" },
      { kind: "version_created", version: 1, userId: "ann", why: "first" },
      { kind: "alias_set", version: 1, alias: "live", after: "1", userId: "ann", why: "first" },
      { kind: "version_created", version: 2 },
      { kind: "alias_set", version: 2, alias: "live", before: "1", after: "2", ...by },
      { kind: "stage_set", version: 2, before: "none", after: "staging" },
      { kind: "alias_deleted", alias: "live", before: "2", ...by },
      { kind: "version_deleted", version: 2, ...by },
      { kind: "model_renamed", before: "m", after: "n", why: "clearer" },
      { kind: "model_deleted", why: "unused" },
    ]);
    expect(items.map(({ number }) => number)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const first = await models.history({ name: "n", alias: "live", limit: 2 });
    const { nextPageToken: pageToken = "" } = first;
    const rest = await models.history({ name: "n", alias: "live", limit: 2, pageToken });
    expect([...first.items, ...rest.items].map(({ kind: what }) => what)).toEqual([
      "alias_deleted",
      "alias_set",
      "alias_set",
    ]);
  });

  test("roll an alias back to where it was before, step by step", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await versions(rivulet, [0.1, 0.2, 0.3]);
    const key = { name: "m", alias: "live" };
    for (const version of [1, 2, 3]) await models.setAlias({ ...key, version });
    expect((await models.rollBack({ ...key, why: "worse" })).version).toBe(2);
    expect((await models.rollBack(key)).version).toBe(1);
    await expect(models.rollBack(key)).rejects.toMatchObject(
      refusal("conflict", /has no version before version 1 that is still there/),
    );
    expect((await models.get("m")).aliases).toEqual({ live: 1 });
    await models.deleteAlias(key);
    expect((await models.rollBack(key)).version).toBe(1);
    await models.setAlias({ ...key, version: 2 });
    await models.setAlias({ ...key, version: 3 });
    await models.deleteVersion({ name: "m", version: 2 });
    expect((await models.rollBack(key)).version).toBe(1);
    await expect(models.rollBack({ name: "m", alias: "none" })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("let an alias be deleted only from where it was expected", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await versions(rivulet, [0.1, 0.2]);
    const key = { name: "m", alias: "live" };
    await models.setAlias({ ...key, version: 2 });
    await expect(models.deleteAlias({ ...key, expected: 1 })).rejects.toMatchObject(
      refusal("conflict", /has been moved in the meantime/),
    );
    await models.deleteAlias({ ...key, expected: 2 });
    expect((await models.get("m")).aliases).toEqual({});
  });

  test("of two writers that expect the same, one moves the alias and the other is refused", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await versions(rivulet, [0.1, 0.2, 0.3]);
    const key = { name: "m", alias: "live" };
    await models.setAlias({ ...key, version: 1 });
    const outcomes = await Promise.allSettled(
      [2, 3].map((version) => models.setAlias({ ...key, version, expected: 1 })),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const [lost] = outcomes.filter((one) => one.status === "rejected");
    expect(lost?.reason).toMatchObject({ code: "conflict" });
  });

  test("have stages, and archive what was in one", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await versions(rivulet, [0.1, 0.2]);
    await models.setStage({ name: "m", version: 1, stage: "Production" });
    const stage = { name: "m", version: 2, stage: "production", archiveExisting: true };
    expect((await models.setStage(stage)).stage).toBe("production");
    expect((await models.getVersion("m@1")).stage).toBe("archived");
    const found = await models.searchVersions({ filter: "stage = 'Production'" });
    expect(found.items.map(({ version }) => version)).toEqual([2]);
    expect((await models.setStage({ ...stage, stage: "None" })).stage).toBeUndefined();
    await expect(models.setStage({ ...stage, stage: "Live" })).rejects.toMatchObject(
      refusal("invalid_argument", /must be None, Staging, Production or Archived/),
    );
  });

  test("let through their gates only versions that have what is required", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await versions(rivulet, [0.9, 0.97]);
    const requires = "metrics.accuracy >= 0.95";
    await models.setGates("m", [
      { alias: "live", requires },
      { stage: "production", requires: "tags.reviewed = 'yes'" },
    ]);
    const live = { name: "m", alias: "live" };
    const unmet =
      /Alias "live" of model "m" requires metrics\.accuracy >= 0\.95; version 1 has metrics\.accuracy = 0\.9\./;
    await expect(models.setAlias({ ...live, version: 1 })).rejects.toMatchObject(
      refusal("conflict", unmet),
    );
    await models.setAlias({ ...live, version: 2 });
    await expect(
      models.setStage({ name: "m", version: 2, stage: "Production" }),
    ).rejects.toMatchObject(
      refusal(
        "conflict",
        /Stage production .* requires tags\.reviewed = 'yes'; .* has no tags\.reviewed/,
      ),
    );
    await expect(models.register({ name: "m", aliases: ["live"] })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await models.get("m")).latestVersion).toBe(2);
    expect(await models.checkGates("m@1", { alias: "live" })).toEqual([
      {
        gate: { alias: "live", requires },
        passes: false,
        required: requires,
        found: "metrics.accuracy = 0.9",
      },
    ]);
    await expect(models.setAlias({ ...live, version: 1, force: true })).rejects.toMatchObject(
      refusal("invalid_argument", /force needs why/),
    );
    await models.setAlias({ ...live, version: 1, force: true, why: "2 is broken" });
    const { items } = await models.history({ name: "m", alias: "live", limit: 1 });
    expect(items[0]).toMatchObject({ forced: true, why: "2 is broken", before: "2", after: "1" });
    await models.setGates("m", []);
    expect(await models.get("m")).not.toHaveProperty("gates");
  });

  test("note an override of any of several aliases, whichever came last", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await models.register({ name: "m" });
    const requires = { score: "right", atLeast: 0.9 };
    await models.setGates("m", [{ alias: "live", requires }]);
    const aliases = ["live", "new"];
    await expect(models.register({ name: "m", aliases })).rejects.toMatchObject({
      code: "conflict",
    });
    const forced = { force: true, why: "it is cheaper" };
    await models.register({ name: "m", aliases, ...forced });
    await models.copyVersion({ from: "m@2", to: "m", aliases, ...forced });
    const { items } = await models.history({ name: "m", alias: "live" });
    expect(items.map(({ version, forced: isForced }) => [version, isForced])).toEqual([
      [3, true],
      [2, true],
    ]);
  });

  test("note an override of a stage, too", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await models.register({ name: "m" });
    const requires = { score: "right", atLeast: 0.9 };
    await models.setGates("m", [{ stage: "production", requires }]);
    const stage = { name: "m", version: 1, stage: "Production" };
    await expect(models.setStage(stage)).rejects.toMatchObject(
      refusal("conflict", /^Stage production of model "m" requires an evaluation/),
    );
    await models.setStage({ ...stage, force: true, why: "it is cheaper" });
    await models.setStage({ ...stage, stage: "None" });
    const { items } = await models.history({ name: "m", limit: 2 });
    expect(items.map(({ after, forced }) => [after, forced])).toEqual([
      ["none", undefined],
      ["production", true],
    ]);
  });

  test("are copied with all that a version says, but for aliases and stage", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    const run = await rivulet.runs.start({ params: { lr: 0.1 } });
    run.logMetric("accuracy", 0.9);
    const { id: modelId } = await run.logModel("net", { "a.json": "{}" });
    const facts = { description: "small", tags: { t: "1" }, aliases: ["live"] };
    await models.register({ name: "m", runId: run.id, artifactPath: "net", modelId, ...facts });
    await models.setStage({ name: "m", version: 1, stage: "Staging" });
    await models.copyVersion({ from: "m@live", to: "prod", aliases: ["new"] });
    const { aliases: _aliases, stage, ...original } = await models.getVersion("m@1");
    expect(stage).toBe("staging");
    expect(await models.getVersion("prod@1")).toEqual({
      ...original,
      name: "prod",
      source: "models:/m/1",
      aliases: ["new"],
      createdAt: expect.any(Number),
      updatedAt: expect.any(Number),
    });
    expect(original).toMatchObject({
      params: { lr: "0.1" },
      metrics: { accuracy: 0.9 },
      description: "small",
      tags: { t: "1" },
      modelId,
      runId: run.id,
    });
    expect((await models.files("prod@1")).map(({ path }) => path)).toEqual(["a.json"]);
  });

  test("let through a gate what an evaluation says is no worse", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    const evaluated = async (right: number): Promise<string> => {
      const { id } = await rivulet.evaluate({
        data: Array.from({ length: 30 }, (_, n) => ({ inputs: n })),
        task: (n: number) => n < right,
        scorers: [
          function right({ output }) {
            return output;
          },
        ],
      });
      return id;
    };
    const [good, bad] = [await evaluated(28), await evaluated(2)];
    for (const evaluationId of [good, bad]) {
      await models.register({ name: "m", tags: { evaluationId } });
    }
    await models.register({ name: "m" });
    const verdict = "not_worse" as const;
    await models.setGates("m", [{ alias: "live", requires: { score: "right", verdict } }]);
    const live = { name: "m", alias: "live" };
    await expect(models.setAlias({ ...live, version: 3 })).rejects.toMatchObject(
      refusal("conflict", /requires an evaluation .*; the version has no evaluation/),
    );
    await models.setAlias({ ...live, version: 1 });
    await expect(models.setAlias({ ...live, version: 2 })).rejects.toMatchObject(
      refusal("conflict", /the verdict not_worse for right; .* the verdict worse/),
    );
    const why = "it is cheaper";
    await models.setAlias({ ...live, version: 2, force: true, why });
    expect((await models.history({ name: "m", limit: 1 })).items[0]).toMatchObject({
      forced: true,
      why,
    });
    await models.setAlias({ ...live, version: 3, force: true, why });
    await expect(models.setAlias({ ...live, version: 1 })).rejects.toMatchObject(
      refusal("conflict", /the verdict not_worse for right; .* and the verdict unknown/),
    );
  });

  test.each(["alias", "stage", "new version", "gate"] as const)(
    "are compared again with what an evaluation says when an %s comes in between",
    async (what) => {
      const store = await aStoreOf(kind);
      const between: (() => Promise<unknown>)[] = [];
      const interleaved = { ...store, models: doneBefore(store.models, between) };
      const { rivulet } = await aClient(kind, { store: interleaved });
      const { models } = rivulet;
      const evaluated = async (right: number): Promise<string> => {
        const { id } = await rivulet.evaluate({
          data: Array.from({ length: 30 }, (_, n) => ({ inputs: n })),
          task: (n: number) => n < right,
          scorers: [
            function right({ output }) {
              return output;
            },
          ],
        });
        return id;
      };
      const [good, bad] = [await evaluated(28), await evaluated(2)];
      for (const evaluationId of [bad, bad, good])
        await models.register({ name: "m", tags: { evaluationId } });
      const requires = { score: "right", verdict: "not_worse" } as const;
      const gates = [
        { alias: "live", requires },
        { stage: "production" as const, requires },
      ];
      const moved = { name: "m", version: 3, updatedAt: 1 };
      if (what !== "gate") await models.setGates("m", gates);
      await models.setAlias({ name: "m", alias: "live", version: 1 });
      await models.setStage({ name: "m", version: 1, stage: "Production" });

      if (what === "gate") {
        const strict = { score: "right", atLeast: 0.5 };
        between.push(() =>
          store.models.setGates({
            name: "m",
            gates: [{ alias: "live", requires: strict }],
            updatedAt: 1,
          }),
        );
      } else if (what === "stage") {
        between.push(() => store.models.setStage({ ...moved, stage: "production", force: true }));
      } else between.push(() => store.models.setAlias({ ...moved, alias: "live", force: true }));
      const move = {
        alias: () => models.setAlias({ name: "m", alias: "live", version: 2 }),
        gate: () => models.setAlias({ name: "m", alias: "live", version: 2 }),
        stage: () => models.setStage({ name: "m", version: 2, stage: "Production" }),
        "new version": () =>
          models.register({ name: "m", tags: { evaluationId: bad }, aliases: ["live"] }),
      };
      await expect(move[what]()).rejects.toMatchObject(
        refusal("conflict", what === "gate" ? /a mean of at least 0\.5/ : /the verdict worse/),
      );
      expect(between).toEqual([]);
      expect((await models.getVersion("m@live")).version).toBe(
        what === "alias" || what === "new version" ? 3 : 1,
      );
      expect((await models.getVersion("m@2")).stage).toBeUndefined();
    },
  );

  test("that are moved by others all the time are refused in the end", async () => {
    const store = await aStoreOf(kind);
    const between: (() => Promise<unknown>)[] = [];
    const interleaved = { ...store, models: doneBefore(store.models, between) };
    const { models } = (await aClient(kind, { store: interleaved })).rivulet;
    for (const _ of [1, 2, 3]) await models.register({ name: "m" });
    const requires = { score: "right", verdict: "not_worse" } as const;
    await models.setGates("m", [{ alias: "live", requires }]);
    for (const version of [1, 2, 1, 2, 1]) {
      const other = { name: "m", alias: "live", version, updatedAt: 1 };
      between.push(() => store.models.setAlias({ ...other, force: true }));
    }
    await expect(
      models.setAlias({ name: "m", alias: "live", version: 3, force: true, why: "now" }),
    ).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^Alias "live" of model "m" was moved, .* Try again\.$/),
      details: { name: "m", gate: "changed" },
    });
    expect((await models.getVersion("m@live")).version).toBe(1);
  });

  test("are not rolled back to where an alias of a deleted model of the same name was", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    const key = { name: "m", alias: "live" };
    for (const version of [1, 2])
      await models.register({ name: "m" }).then(() => models.setAlias({ ...key, version }));
    await models.delete("m");
    for (const _ of [1, 2]) await models.register({ name: "other" });
    await models.setAlias({ name: "other", alias: "live", version: 2 });
    await models.rename("other", { newName: "m" });
    await expect(models.rollBack(key)).rejects.toMatchObject(
      refusal("conflict", /has no version before version 2/),
    );
    await models.deleteAlias(key);
    expect((await models.rollBack(key)).version).toBe(2);
    await models.delete("m");
    await models.register({ name: "m" });
    await expect(models.rollBack(key)).rejects.toMatchObject({ code: "not_found" });
  });

  test("are renamed with all that is theirs", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await models.create({ name: "m", tags: { team: "a" } });
    await models.register({ name: "m", tags: { t: "1" }, aliases: ["live"] });
    await models.register({ name: "taken" });
    await expect(models.rename("m", { newName: "taken" })).rejects.toMatchObject({
      code: "already_exists",
    });
    expect(await models.rename("m", { newName: "n" })).toMatchObject({
      name: "n",
      tags: { team: "a" },
      aliases: { live: 1 },
    });
    expect(await models.find("m")).toBeUndefined();
    expect(await models.getVersion("n@live")).toMatchObject({ version: 1, tags: { t: "1" } });
    expect((await models.register({ name: "n" })).version).toBe(2);
    expect((await models.searchVersions({ filter: "tags.t = '1'" })).items).toHaveLength(1);
  });

  test("are found and sorted by metric, param, alias, tag, run and model id", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    await versions(rivulet, [0.5, 0.9, 0.7]);
    await models.setAlias({ name: "m", alias: "live", version: 3 });
    const run = await rivulet.runs.start();
    const registerAs = "other";
    const { id } = await run.logModel("net", { "a.json": "{}" }, { registerAs, aliases: ["new"] });
    expect([...(await models.load("other@new"))]).toEqual([...Buffer.from("{}")]);
    await expect(models.register({ name: "other", modelId: "m-1" })).rejects.toMatchObject({
      code: "not_found",
    });
    const found = async (filter: string, orderBy: readonly string[] = ["version"]) =>
      (await models.searchVersions({ filter, orderBy })).items.map(
        ({ name, version }) => `${name}/${version}`,
      );
    expect(await found("metrics.accuracy > 0.6", ["metrics.accuracy DESC"])).toEqual([
      "m/2",
      "m/3",
    ]);
    expect(await found("alias = 'live'")).toEqual(["m/3"]);
    expect(await found("name = 'm' AND NOT alias IN ('live', 'x')")).toEqual(["m/1", "m/2"]);
    expect(await found(`model_id = '${id}'`)).toEqual(["other/1"]);
    const { runId = "" } = await models.getVersion("m@2");
    expect(await found(`run_id = '${runId}'`)).toEqual(["m/2"]);
    expect((await models.search({ filter: "alias LIKE 'li%'" })).items).toMatchObject([
      { name: "m" },
    ]);
  });

  test("tell listeners of what this client changes", async () => {
    const { rivulet } = await aClient(kind);
    const { models } = rivulet;
    const heard: string[] = [];
    const end = models.subscribe(({ kind: what, name, version }) => {
      heard.push(`${what} ${name} ${version ?? ""}`.trim());
    });
    await models.register({ name: "m", aliases: ["live"] });
    await models.setStage({ name: "m", version: 1, stage: "Staging" });
    end();
    await models.delete("m");
    expect(heard).toEqual([
      "model_created m",
      "version_created m 1",
      "alias_set m 1",
      "stage_set m 1",
    ]);
  });
});

describe("the lineage of a version", () => {
  test("has its run, its copies, and the traces that used it", async () => {
    const { rivulet } = await aClient("memory");
    const run = await rivulet.runs.start({ name: "train" });
    await run.logArtifact("model.txt", "m");
    await run.finish();
    await rivulet.models.register({ name: "m", runId: run.id, artifactPath: "model.txt" });
    await rivulet.models.copyVersion({ from: "m", to: "prod" });
    await rivulet.prompts.register({ name: "greet", template: "hi" });
    const metadata = { modelVersion: "m@1" };
    await rivulet.withSpan("ask", async () => (await rivulet.prompts.get("greet")).format(), {
      metadata,
    });
    await rivulet.withSpan("other", () => "x");
    await rivulet.flush();
    const lineage = await rivulet.models.lineage("models:/m/1");
    expect(lineage).toMatchObject({
      version: { name: "m", version: 1 },
      run: { id: run.id, name: "train" },
      related: [{ name: "prod", version: 1, source: "models:/m/1" }],
      traces: { count: 1, isMore: false, filter: "metadata.modelVersion = 'm@1'" },
      prompts: [{ name: "greet", version: 1 }],
    });
    const { items } = await rivulet.traces.search({ filter: lineage.traces.filter });
    expect(items.map(({ name }) => name)).toEqual(["ask"]);
  });

  test("has copies that no run is known of, and versions of the same run, but not itself", async () => {
    const { rivulet } = await aClient("memory");
    const { models } = rivulet;
    await models.register({ name: "m", source: "s3://bucket/m" });
    await models.copyVersion({ from: "m@1", to: "prod" });
    await models.register({ name: "m", source: "s3://bucket/other" });
    const relatedTo = async (reference: string) =>
      (await models.lineage(reference)).related.map(({ name, version }) => `${name}@${version}`);
    expect(await relatedTo("m@1")).toEqual(["prod@1"]);
    expect(await relatedTo("m@2")).toEqual([]);
    const run = await rivulet.runs.start();
    for (const name of ["a", "b"]) await models.register({ name, runId: run.id });
    expect(await relatedTo("a@1")).toEqual(["b@1"]);
  });
});
