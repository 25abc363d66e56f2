import assert from "node:assert/strict";
import type { Artifact, ArtifactEntry } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, readPages, refuses } from "./contract-case.ts";
import { aFile, fileId } from "./files.ts";
import type { Room } from "./room.ts";

function anArtifact(room: Room, path: string, sha256 = "ab"): Artifact {
  return {
    runId: room.id(1),
    path,
    size: 3,
    sha256,
    contentType: "text/plain",
    createdAt: BUILT_AT,
  };
}

async function aRunWithFiles(store: Store, room: Room, count: number): Promise<void> {
  await store.runs.create(room.aRun());
  for (let n = 1; n <= count; n += 1) await store.files.write(aFile(room, n));
}

/** Rules of {@link ArtifactIndex}. */
export const artifactRules: readonly ContractCase[] = contractGroup("artifacts", {
  "come out as they went in, with the name of their bytes": async (store, room) => {
    await aRunWithFiles(store, room, 1);
    const artifact = { ...anArtifact(room, "model/a.txt"), fileId: fileId(room, 1) };
    await store.artifacts.put(artifact);
    const key = { runId: room.id(1), path: "model/a.txt" };
    assert.deepEqual(await store.artifacts.get(key), artifact);
    assert.equal(await store.artifacts.get({ ...key, path: "model" }), undefined);
    assert.equal(await store.artifacts.get({ ...key, runId: room.id(2) }), undefined);
  },
  "are replaced by path, which tells what the old one's file was": async (store, room) => {
    await aRunWithFiles(store, room, 2);
    const first = { ...anArtifact(room, "a"), fileId: fileId(room, 1) };
    assert.equal(await store.artifacts.put(first), undefined);
    const second = { ...anArtifact(room, "a", "cd"), fileId: fileId(room, 2) };
    assert.equal(await store.artifacts.put(second), fileId(room, 1));
    const found = await store.artifacts.get({ runId: room.id(1), path: "a" });
    assert.deepEqual([found?.fileId, found?.sha256], [fileId(room, 2), "cd"]);
    assert.equal((await store.artifacts.list({ runId: room.id(1) })).length, 1);
  },
  "need their file and their run": async (store, room) => {
    await store.files.write(aFile(room, 1));
    const artifact = { ...anArtifact(room, "a"), fileId: fileId(room, 1) };
    await refuses("not_found", () => store.artifacts.put(artifact));
    await store.runs.create(room.aRun());
    await refuses("conflict", () => store.artifacts.put({ ...artifact, fileId: fileId(room, 2) }));
    assert.equal(await store.artifacts.get({ runId: room.id(1), path: "a" }), undefined);
  },
  "are not for a run that is deleted, until it is restored": async (store, room) => {
    await aRunWithFiles(store, room, 1);
    const artifact = { ...anArtifact(room, "a"), fileId: fileId(room, 1) };
    await store.artifacts.put(artifact);
    await store.runs.update({ id: room.id(1), lifecycleStage: "deleted" });
    await refuses("conflict", () => store.artifacts.put({ ...artifact, path: "b" }));
    await refuses("conflict", () => store.artifacts.delete({ runId: room.id(1), path: "a" }));
    assert.equal((await store.artifacts.list({ runId: room.id(1) })).length, 1);
    await store.runs.update({ id: room.id(1), lifecycleStage: "active" });
    assert.equal(await store.artifacts.put(artifact), fileId(room, 1));
  },
  "replace only what was there, when asked to": async (store, room) => {
    await aRunWithFiles(store, room, 2);
    const of = (n: number): Artifact & { readonly fileId: string } => ({
      ...anArtifact(room, "a"),
      fileId: fileId(room, n),
    });
    await refuses("conflict", () => store.artifacts.put({ ...of(1), replaces: fileId(room, 2) }));
    assert.equal(await store.artifacts.put({ ...of(1), replaces: null }), undefined);
    await refuses("conflict", () => store.artifacts.put({ ...of(2), replaces: null }));
    await refuses("conflict", () => store.artifacts.put({ ...of(2), replaces: fileId(room, 2) }));
    assert.equal(
      await store.artifacts.put({ ...of(2), replaces: fileId(room, 1) }),
      fileId(room, 1),
    );
  },
  "are no file where a folder is, and no folder where a file is": async (store, room) => {
    await aRunWithFiles(store, room, 1);
    const put = (path: string): Promise<unknown> =>
      store.artifacts.put({ ...anArtifact(room, path), fileId: fileId(room, 1) });
    for (const path of ["a/b/c", "a/d", "a.txt"]) await put(path);
    for (const path of ["a", "a/b", "a/d/e", "a/b/c/d"]) await refuses("conflict", () => put(path));
    for (const path of ["a/b/d", "a/bc", "a0"]) await put(path);
  },
  "are deleted one by one or by folder, which tells their files": async (store, room) => {
    await aRunWithFiles(store, room, 2);
    for (const [path, n] of [
      ["a", 1],
      ["b/1", 1],
      ["b/2/3", 2],
      ["b0", 2],
      ["b.txt", 1],
    ] as const) {
      await store.artifacts.put({ ...anArtifact(room, path), fileId: fileId(room, n) });
    }
    const remove = async (path: string): Promise<unknown> => {
      const { count, fileIds } = await store.artifacts.delete({ runId: room.id(1), path });
      return [count, [1, 2].filter((n) => fileIds.includes(fileId(room, n)))];
    };
    assert.deepEqual(await remove("none"), [0, []]);
    assert.deepEqual(await remove("a"), [1, [1]]);
    assert.deepEqual(await remove("b"), [2, [1, 2]]);
    const left = await store.artifacts.list({ runId: room.id(1) });
    assert.deepEqual(
      left.map(({ path }) => path),
      ["b.txt", "b0"],
    );
    await refuses("not_found", () => store.artifacts.delete({ runId: room.id(7), path: "a" }));
  },
  "are listed by folder, page by page, with what is in each": async (store, room) => {
    await aRunWithFiles(store, room, 1);
    for (const path of ["m/w/1", "m/w/2", "m/ä/1", "m/a.txt", "n", "m0/x"]) {
      await store.artifacts.put({ ...anArtifact(room, path), fileId: fileId(room, 1) });
    }
    const entries = async (path: string, limit: number): Promise<readonly ArtifactEntry[]> =>
      readPages<ArtifactEntry>(
        (page) => store.artifacts.listFolder({ runId: room.id(1), path, ...page }),
        limit,
      );
    const named = async (path: string, limit = 2): Promise<readonly string[]> =>
      (await entries(path, limit)).map(
        (entry) => `${entry.path} ${entry.isFolder} ${entry.files} ${entry.size}`,
      );
    assert.deepEqual(await named(""), ["m true 4 12", "m0 true 1 3", "n false 1 3"]);
    assert.deepEqual(await named("m"), ["m/a.txt false 1 3", "m/w true 2 6", "m/ä true 1 3"]);
    assert.deepEqual(await named("m/w", 100), ["m/w/1 false 1 3", "m/w/2 false 1 3"]);
    assert.deepEqual(await named("m/a.txt"), []);
    assert.deepEqual(await named("%"), []);
    const file = { contentType: "text/plain", sha256: "ab", createdAt: BUILT_AT };
    assert.deepEqual(await entries("m/ä", 1), [
      { path: "m/ä/1", isFolder: false, files: 1, size: 3, ...file },
    ]);
  },
  "are listed in folders whose names have signs of four bytes": async (store, room) => {
    await aRunWithFiles(store, room, 1);
    for (const path of ["🌱🌱/a", "🌱🌱/🌳/b"]) {
      await store.artifacts.put({ ...anArtifact(room, path), fileId: fileId(room, 1) });
    }
    const paths = async (path: string): Promise<readonly string[]> => {
      const { items } = await store.artifacts.listFolder({ runId: room.id(1), path, limit: 10 });
      return items.map((entry) => entry.path);
    };
    assert.deepEqual(await paths("🌱🌱"), ["🌱🌱/a", "🌱🌱/🌳"]);
    assert.deepEqual(await paths("🌱🌱/🌳"), ["🌱🌱/🌳/b"]);
    const below = await store.artifacts.list({ runId: room.id(1), prefix: "🌱🌱/🌳" });
    assert.deepEqual(
      below.map(({ path }) => path),
      ["🌱🌱/🌳/b"],
    );
  },
  "give their folder the time of the youngest of them": async (store, room) => {
    await aRunWithFiles(store, room, 1);
    for (const [path, ms] of [
      ["m/a", 2_000],
      ["m/b", 3_000],
      ["m/c/d", 1_000],
    ] as const) {
      const artifact = { ...anArtifact(room, path), createdAt: BUILT_AT + ms };
      await store.artifacts.put({ ...artifact, fileId: fileId(room, 1) });
    }
    const query = { runId: room.id(1), path: "", limit: 10 };
    const { items } = await store.artifacts.listFolder(query);
    assert.deepEqual(items, [
      { path: "m", isFolder: true, files: 3, size: 9, createdAt: BUILT_AT + 3_000 },
    ]);
  },
  "are listed by path, below a prefix that is text and no pattern": async (store, room) => {
    await aRunWithFiles(store, room, 1);
    for (const path of ["b/2", "a", "b/1", "b_x/1", "B/1"]) {
      await store.artifacts.put({ ...anArtifact(room, path), fileId: fileId(room, 1) });
    }
    const paths = async (prefix?: string): Promise<readonly string[]> => {
      const query = { runId: room.id(1), ...(prefix === undefined ? {} : { prefix }) };
      return (await store.artifacts.list(query)).map(({ path }) => path);
    };
    assert.deepEqual(await paths(), ["B/1", "a", "b/1", "b/2", "b_x/1"]);
    assert.deepEqual(await paths("b/"), ["b/1", "b/2"]);
    assert.deepEqual(await paths("b_"), ["b_x/1"]);
    assert.deepEqual(await paths("%"), []);
    assert.deepEqual(await store.artifacts.list({ runId: room.id(7) }), []);
    const [first] = await store.artifacts.list({ runId: room.id(1), prefix: "a" });
    assert.deepEqual(first, anArtifact(room, "a"));
  },
});
