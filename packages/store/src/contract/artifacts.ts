import assert from "node:assert/strict";
import type { Artifact } from "@rivulet/domain";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup } from "./contract-case.ts";
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

/** Rules of {@link ArtifactIndex}. */
export const artifactRules: readonly ContractCase[] = contractGroup("artifacts", {
  "come out as they went in, with the name of their bytes": async (store, room) => {
    await store.runs.create(room.aRun());
    const artifact = { ...anArtifact(room, "model/a.txt"), fileId: "f1" };
    await store.artifacts.put(artifact);
    const key = { runId: room.id(1), path: "model/a.txt" };
    assert.deepEqual(await store.artifacts.get(key), artifact);
    assert.equal(await store.artifacts.get({ ...key, path: "model" }), undefined);
    assert.equal(await store.artifacts.get({ ...key, runId: room.id(2) }), undefined);
  },
  "are replaced by path": async (store, room) => {
    await store.runs.create(room.aRun());
    await store.artifacts.put({ ...anArtifact(room, "a"), fileId: "f1" });
    await store.artifacts.put({ ...anArtifact(room, "a", "cd"), fileId: "f2" });
    const found = await store.artifacts.get({ runId: room.id(1), path: "a" });
    assert.deepEqual([found?.fileId, found?.sha256], ["f2", "cd"]);
    assert.equal((await store.artifacts.list({ runId: room.id(1) })).length, 1);
  },
  "are listed by path, below a prefix that is text and no pattern": async (store, room) => {
    await store.runs.create(room.aRun());
    for (const path of ["b/2", "a", "b/1", "b_x/1", "B/1"]) {
      await store.artifacts.put({ ...anArtifact(room, path), fileId: path });
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
