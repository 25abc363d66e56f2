import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { unzipSync } from "fflate";
import { describe, expect, onTestFinished, test } from "vitest";
import { aClient, refusal, STORES } from "./client.ts";

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rivulet-models-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A run with a model of three files beside a file of another name. */
async function aRun(rivulet: Rivulet): Promise<string> {
  const run = await rivulet.runs.start({ params: { depth: 3 } });
  await run.logArtifact("model/MLmodel", "flavors: {}");
  await run.logArtifact("model/data/weights.bin", new Uint8Array([1, 0, 255]));
  await run.logArtifact("model/data/vocab.json", { a: 1 });
  await run.logArtifact("model-card.md", "# Card");
  await run.finish();
  return run.id;
}

describe.each(STORES)("the files of a model on %s", (kind) => {
  test("are those of the folder, and stay when the run's files change", async () => {
    const { rivulet } = await aClient(kind);
    const runId = await aRun(rivulet);
    const version = await rivulet.models.register({ name: "iris", runId, artifactPath: "model/" });
    expect(version).toMatchObject({ artifactPath: "model", params: { depth: "3" } });
    const listed = await rivulet.models.files("iris@1");
    expect(listed.map(({ path, size }) => [path, size])).toEqual([
      ["MLmodel", 11],
      ["data/vocab.json", 12],
      ["data/weights.bin", 3],
    ]);
    await rivulet.artifacts.put({ runId, path: "model/MLmodel", content: "changed" });
    await rivulet.artifacts.put({ runId, path: "model/new.txt", content: "new" });
    const bytes = await rivulet.models.load("iris@1", { path: "MLmodel" });
    expect(Buffer.from(bytes).toString()).toBe("flavors: {}");
    expect(await rivulet.models.files("iris@1")).toEqual(listed);
  });

  test("of a folder are named by the error of load", async () => {
    const { rivulet } = await aClient(kind);
    const runId = await aRun(rivulet);
    await rivulet.models.register({ name: "iris", runId, artifactPath: "model" });
    await expect(rivulet.models.load("iris")).rejects.toMatchObject(
      refusal(
        "invalid_argument",
        /is a folder of 3 files: MLmodel, data\/vocab\.json, data\/weights\.bin\. Name one with path/,
      ),
    );
    await expect(rivulet.models.load("iris", { path: "none" })).rejects.toMatchObject(
      refusal("not_found", /has no file "none". Its files are MLmodel/),
    );
  });

  test("are downloaded whole into a new or empty folder, and nowhere else", async () => {
    const { rivulet } = await aClient(kind);
    const runId = await aRun(rivulet);
    await rivulet.models.register({ name: "iris", runId, artifactPath: "model" });
    const folder = aFolder();
    const to = join(folder, "out", "iris");
    expect(await rivulet.models.download("models:/iris/1", { to })).toEqual({
      path: to,
      files: 3,
      bytes: 26,
    });
    expect(readdirSync(to, { recursive: true }).toSorted()).toEqual(
      ["MLmodel", "data", join("data", "vocab.json"), join("data", "weights.bin")].toSorted(),
    );
    expect([...readFileSync(join(to, "data/weights.bin"))]).toEqual([1, 0, 255]);
    await expect(rivulet.models.download("iris", { to })).rejects.toMatchObject(
      refusal("already_exists", /is not an empty folder/),
    );
    mkdirSync(join(folder, "empty"));
    await rivulet.models.download("iris", { to: join(folder, "empty") });
    writeFileSync(join(folder, "file"), "");
    await expect(
      rivulet.models.download("iris", { to: join(folder, "file") }),
    ).rejects.toMatchObject({ code: "already_exists" });
    expect(readdirSync(folder).toSorted()).toEqual(["empty", "file", "out"]);
  });

  test("are streamed whole or in part, and as one archive", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    const large = new Uint8Array(2_500_000).map((_, at) => at % 251);
    await run.logArtifact("net/weights.bin", large);
    await run.logArtifact("net/empty.txt", "");
    await run.finish();
    await rivulet.models.register({ name: "net", runId: run.id, artifactPath: "net" });
    const path = "weights.bin";
    const whole = await rivulet.models.stream("net", { path });
    expect([whole.name, whole.version, whole.size, whole.length]).toEqual([
      "net",
      1,
      2_500_000,
      2_500_000,
    ]);
    expect(Buffer.from(await new Response(whole.content).bytes()).equals(large)).toBe(true);
    const part = await rivulet.models.stream("net", {
      path,
      range: { start: 1_500_000, end: 1_500_002 },
    });
    expect([...(await new Response(part.content).bytes())]).toEqual([
      ...large.subarray(1_500_000, 1_500_003),
    ]);
    await expect(
      rivulet.models.stream("net", { path, range: { start: 2_500_000 } }),
    ).rejects.toMatchObject(refusal("invalid_argument", /has 2500000 bytes, and none at 2500000/));
    const archive = await new Response(await rivulet.models.zip("models:/net/1")).bytes();
    const files = unzipSync(archive);
    expect(Object.keys(files)).toEqual(["empty.txt", "weights.bin"]);
    expect(Buffer.from(files["weights.bin"] ?? []).equals(large)).toBe(true);
  });

  test("are shared by a copy in another model, which says where it is from", async () => {
    const { rivulet } = await aClient(kind);
    const runId = await aRun(rivulet);
    const aliases = ["champion"];
    await rivulet.models.register({ name: "staging", runId, artifactPath: "model", aliases });
    const copy = await rivulet.models.copyVersion({
      from: "models:/staging@champion",
      to: "prod",
      aliases: ["live"],
      why: "promoted",
    });
    expect(copy).toMatchObject({
      name: "prod",
      version: 1,
      source: "models:/staging/1",
      runId,
      aliases: ["live"],
      params: { depth: "3" },
    });
    await rivulet.models.delete("staging");
    expect([...(await rivulet.models.load("prod", { path: "data/weights.bin" }))]).toEqual([
      1, 0, 255,
    ]);
  });

  test("follow from runs:/ as a source, and a reference to the run finds the version", async () => {
    const { rivulet } = await aClient(kind);
    const runId = await aRun(rivulet);
    const source = `runs:/${runId}/model-card.md`;
    const version = await rivulet.models.register({ name: "card", source });
    expect(version).toMatchObject({ runId, artifactPath: "model-card.md", source });
    expect(Buffer.from(await rivulet.models.load(source)).toString()).toBe("# Card");
    expect((await rivulet.models.getVersion(source)).name).toBe("card");
    await expect(
      rivulet.models.register({ name: "card", source: `runs:/${runId}/none` }),
    ).rejects.toMatchObject(refusal("not_found", /neither a file nor a folder/));
    expect((await rivulet.models.get("card")).latestVersion).toBe(1);
  });
});

test("bytes that are not those that were registered are given to nobody as if they were", async () => {
  const folder = aFolder();
  const file = join(folder, "store.db");
  await using rivulet = createRivulet({ store: `sqlite:${file}` });
  const run = await rivulet.runs.start();
  await run.logArtifact("weights.bin", new Uint8Array(2_000_000));
  await run.finish();
  const version = { name: "net", runId: run.id, artifactPath: "weights.bin" };
  await rivulet.models.register(version);
  const [known] = await rivulet.models.files("net");
  const stored = readdirSync(`${file}.files`, { recursive: true, encoding: "utf8" });
  const place = stored.find((name) => name.endsWith(known?.sha256 ?? "none")) ?? "";
  writeFileSync(join(`${file}.files`, place), new Uint8Array(2_000_000).fill(1));

  const changed = refusal("store_corrupt", /are not those that were registered/);
  await expect(rivulet.models.load("net")).rejects.toMatchObject(changed);
  const { content } = await rivulet.models.stream("net");
  await expect(new Response(content).bytes()).rejects.toMatchObject(changed);
  const to = join(folder, "out");
  await expect(rivulet.models.download("net", { to })).rejects.toMatchObject(changed);
  expect(readdirSync(folder).filter((name) => name.startsWith("out"))).toEqual([]);
  rmSync(join(`${file}.files`, place));
  await expect(rivulet.models.load("net")).rejects.toMatchObject(
    refusal("store_corrupt", /are not in the store/),
  );
});
