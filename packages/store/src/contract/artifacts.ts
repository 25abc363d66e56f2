import assert from "node:assert/strict";
import type { Artifact } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, refuses } from "./contract-case.ts";
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
