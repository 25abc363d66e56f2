import { describe, expect, test } from "vitest";
import { aClient, refusal, runId, START, STORES, sharedClient } from "./client.ts";

describe.each(STORES)("models on %s", (kind) => {
  test("are registered from a run with its metrics and loaded by alias", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    run.logMetric("acc", 0.93);
    await run.logArtifact("model/tree.json", { split: 2.5 });
    const version = await rivulet.models.register({
      name: "iris",
      runId: run.id,
      artifactPath: "model/tree.json",
      description: "a tree",
      aliases: ["production"],
      tags: { size: "small" },
    });
    expect(version).toEqual({
      name: "iris",
      version: 1,
      description: "a tree",
      runId: run.id,
      artifactPath: "model/tree.json",
      createdAt: START,
      updatedAt: START,
      tags: { size: "small" },
      aliases: ["production"],
      metrics: { acc: 0.93 },
    });
    run.logMetric("acc", 0.1, { step: 1 });
    await run.finish();
    expect((await rivulet.models.getVersion("iris@1")).metrics).toEqual({ acc: 0.93 });
    const bytes = await rivulet.models.load("iris@production");
    expect(JSON.parse(Buffer.from(bytes).toString())).toEqual({ split: 2.5 });
    expect(await rivulet.models.get("iris")).toMatchObject({
      aliases: { production: 1 },
      latestVersion: 1,
    });
  });

  test("number their versions, and a reference names one of them", async () => {
    const { rivulet } = await aClient(kind);
    for (const source of ["a", "b", "c"]) await rivulet.models.register({ name: "m", source });
    await rivulet.models.setAlias({ name: "m", alias: "best", version: 2 });
    const source = async (reference: string) => (await rivulet.models.getVersion(reference)).source;
    expect(await source("m")).toBe("c");
    expect(await source("m@latest")).toBe("c");
    expect(await source("m@1")).toBe("a");
    expect(await source("m@v1")).toBe("a");
    expect(await source("m@best")).toBe("b");
    await rivulet.models.setAlias({ name: "m", alias: "best", version: 3 });
    expect(await source("m@best")).toBe("c");
    await rivulet.models.deleteAlias({ name: "m", alias: "best" });
    await expect(rivulet.models.getVersion("m@best")).rejects.toMatchObject(
      refusal("not_found", /There is no model version "m@best"/),
    );
  });

  test("move an alias only from where it was expected", async () => {
    const { rivulet } = await aClient(kind);
    for (const source of ["a", "b"]) await rivulet.models.register({ name: "m", source });
    const alias = { name: "m", alias: "best" };
    await rivulet.models.setAlias({ ...alias, version: 1, expected: null });
    await expect(
      rivulet.models.setAlias({ ...alias, version: 2, expected: null }),
    ).rejects.toMatchObject(refusal("conflict", /Alias "best" of model "m" has been moved/));
    await rivulet.models.setAlias({ ...alias, version: 2, expected: 1 });
    expect((await rivulet.models.getVersion("m@best")).version).toBe(2);
  });

  test("never use a number twice", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.models.register({ name: "m", source: "a" });
    await rivulet.models.register({ name: "m", source: "b" });
    await rivulet.models.deleteVersion({ name: "m", version: 2 });
    expect((await rivulet.models.getVersion("m")).version).toBe(1);
    expect((await rivulet.models.register({ name: "m", source: "c" })).version).toBe(3);
  });

  test("give different numbers to those who register at once", async () => {
    const { rivulet } = await aClient(kind);
    const versions = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        rivulet.models.register({ name: "m", source: String(index) }),
      ),
    );
    expect(versions.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("are searched, changed and removed with all that is theirs", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.models.create({ name: "b-model", tags: { team: "x" } });
    await rivulet.models.register({ name: "a-model", source: "s3://bucket" });
    await rivulet.models.updateVersion({
      name: "a-model",
      version: 1,
      description: "tried",
      tags: { ok: "yes" },
    });
    const found = await rivulet.models.search({ filter: "tags.team = 'x'" });
    expect(found.items.map(({ name }) => name)).toEqual(["b-model"]);
    const versions = await rivulet.models.searchVersions({ filter: "name = 'a-model'" });
    expect(versions.items).toMatchObject([
      { version: 1, description: "tried", tags: { ok: "yes" } },
    ]);
    await rivulet.models.delete("a-model");
    expect(await rivulet.models.find("a-model")).toBeUndefined();
    await expect(rivulet.models.getVersion("a-model@1")).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("refuse a run or an artifact that is not there, and make no model", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    await expect(rivulet.models.register({ name: "m", runId: runId(9) })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(
      rivulet.models.register({ name: "m", runId: run.id, artifactPath: "none.json" }),
    ).rejects.toMatchObject(refusal("not_found", /There is no artifact "none\.json/));
    expect(await rivulet.models.find("m")).toBeUndefined();
    await expect(
      rivulet.models.setAlias({ name: "m", alias: "a", version: 1 }),
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(rivulet.models.load("m@1")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("models with bad input", () => {
  const client = sharedClient();

  test.each([
    ["an empty name", { name: "" }, /model\.name: must not be empty/],
    ["a slash", { name: "a/b" }, /characters other than/],
    ["an at sign", { name: "a@b" }, /characters other than/],
    ["a dot segment", { name: ".." }, /must not be a path/],
    ["251 characters", { name: "x".repeat(251) }, /at most 250/],
    ["an alias that reads like a version", { name: "m", aliases: ["v3"] }, /reads like a version/],
    ["an alias of digits", { name: "m", aliases: ["12"] }, /reads like a version/],
    ["the alias latest", { name: "m", aliases: ["Latest"] }, /'latest' is the newest version/],
    ["an alias with a space", { name: "m", aliases: ["a b"] }, /only letters, digits/],
    ["an alias of 256 characters", { name: "m", aliases: ["x".repeat(256)] }, /at most 255/],
    ["an artifact without a run", { name: "m", artifactPath: "a.txt" }, /needs the runId/],
  ])("refuse %s", async (_case, options, message) => {
    const rivulet = client();
    await expect(rivulet.models.register(options)).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
    expect((await rivulet.models.search()).items).toEqual([]);
  });
});
