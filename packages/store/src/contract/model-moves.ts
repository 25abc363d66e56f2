import assert from "node:assert/strict";
import type { ModelChange } from "@rivulet/domain";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
import { type ContractCase, contractGroup, refuses } from "./contract-case.ts";
import { aFile, fileId } from "./files.ts";
import type { Room } from "./room.ts";

const LATER = BUILT_AT + 10;

/** The history of a model, oldest first. */
async function historyOf(store: Store, name: string): Promise<readonly ModelChange[]> {
  return (await store.models.history({ name, limit: 100 })).items.toReversed();
}

/** A version of the files in a folder of the first run. */
async function addVersionWithFiles(store: Store, room: Room, name: string): Promise<void> {
  const runId = room.id(1);
  await store.runs.create(room.aRun());
  await store.files.write(aFile(room, 1));
  const file = { size: 3, sha256: "ab", contentType: "text/plain", createdAt: BUILT_AT };
  for (const path of ["net/a", "net/b/c"]) {
    await store.artifacts.put({ ...file, runId, path, fileId: fileId(room, 1) });
  }
  const place = { runId, artifactPath: "net", pinned: true };
  await store.models.addVersion(room.aModelVersion({ name, ...place }));
}

/** Rules of models that are renamed, and of versions that come to another stage. */
export const modelMoveRules: readonly ContractCase[] = contractGroup("models", {
  "come to no place that is not as it was when they were judged": async (store, room) => {
    const name = room.name("iris");
    for (const _ of [1, 2, 3]) await store.models.addVersion(room.aModelVersion({ name }));
    const requires = { score: "right", verdict: "not_worse" } as const;
    const gates = [
      { alias: "live", requires },
      { stage: "production" as const, requires },
    ];
    await store.models.setGates({ name, gates, updatedAt: LATER });
    const live = { name, alias: "live", updatedAt: LATER };
    const inProduction = { name, stage: "production" as const, updatedAt: LATER };
    const [ofAlias, ofStage] = gates.map((gate) => [gate]);
    const alias = { alias: "live", gates: ofAlias ?? [] };
    const stage = { stage: "production" as const, gates: ofStage ?? [] };
    await store.models.setAlias({ ...live, version: 1, judged: [alias] });
    await store.models.setStage({ ...inProduction, version: 1, judged: [stage] });
    for (const judged of [alias, { ...alias, there: 2 }, { ...alias, gates: [], there: 1 }]) {
      await refuses("conflict", () =>
        store.models.setAlias({ ...live, version: 2, judged: [judged] }),
      );
      const version = room.aModelVersion({ name, setAliases: ["live"], judged: [judged] });
      await refuses("conflict", () => store.models.addVersion(version));
    }
    for (const judged of [stage, { ...stage, there: 2 }, { ...stage, gates: [], there: 1 }]) {
      await refuses("conflict", () =>
        store.models.setStage({ ...inProduction, version: 2, judged: [judged] }),
      );
    }
    await store.models.setAlias({ ...live, version: 2, judged: [{ ...alias, there: 1 }] });
    const moved = { ...inProduction, version: 2, judged: [{ ...stage, there: 1 }] };
    assert.equal((await store.models.setStage(moved)).stage, "production");
    assert.deepEqual((await store.models.getVersion({ name, version: 2 }))?.aliases, ["live"]);
  },
  "are renamed with their files, whatever signs their names have": async (store, room) => {
    const [name, newName] = [room.name("🌸🌸🌸"), room.name("🌹🌹")];
    await addVersionWithFiles(store, room, name);
    const key = { name: newName, version: 1 };
    await store.models.updateVersion({ name, version: 1, tags: { a: "1" }, updatedAt: LATER });
    await store.models.addVersion(room.aModelVersion({ name, tags: { b: "2" } }));
    await store.models.rename({ name, newName, updatedAt: LATER });
    // The run may change now: the files are those of the version.
    await store.artifacts.delete({ runId: room.id(1), path: "net" });
    const files = await store.models.listFiles(key);
    assert.deepEqual(
      files.map((file) => [file.name, file.version, file.path, file.fileId]),
      [
        [newName, 1, "a", fileId(room, 1)],
        [newName, 1, "b/c", fileId(room, 1)],
      ],
    );
    assert.deepEqual(await store.models.listFiles({ name, version: 1 }), []);
    assert.deepEqual((await store.models.getVersion(key))?.tags, { a: "1" });
    assert.deepEqual((await store.models.getVersion({ ...key, version: 2 }))?.tags, { b: "2" });
    const again = await store.models.addVersion(room.aModelVersion({ name }));
    assert.deepEqual([again.version, again.tags], [1, {}]);
  },
  "are renamed with their history, which goes on behind that of the new name": async (
    store,
    room,
  ) => {
    const [name, newName] = [room.name("iris"), room.name("rose")];
    await store.models.create(room.aModel({ name: newName }));
    await store.models.delete({ name: newName, updatedAt: BUILT_AT });
    await store.models.addVersion(room.aModelVersion({ name }));
    await store.models.rename({ name, newName, updatedAt: LATER });
    const entries = await historyOf(store, newName);
    assert.deepEqual(
      entries.map(({ number, kind, before, after }) => [number, kind, before, after]),
      [
        [1, "model_created", undefined, undefined],
        [2, "model_deleted", undefined, undefined],
        [3, "model_created", undefined, undefined],
        [4, "version_created", undefined, undefined],
        [5, "model_renamed", name, newName],
      ],
    );
    assert.deepEqual(await historyOf(store, name), []);
  },
  "note of each version that is archived where it was, and of the new one, too": async (
    store,
    room,
  ) => {
    const name = room.name("iris");
    for (let version = 1; version <= 3; version += 1) {
      await store.models.addVersion(room.aModelVersion());
    }
    const stage = { name, stage: "production", updatedAt: LATER } as const;
    await store.models.setStage({ ...stage, version: 1 });
    await store.models.setStage({ ...stage, version: 2, stage: "staging" });
    await store.models.setStage({ ...stage, version: 3, stage: "staging" });
    await store.models.setStage({ ...stage, version: 3, archiveExisting: true });
    // Where it is already, nothing happens.
    await store.models.setStage({ ...stage, version: 3, archiveExisting: true });
    const moves = (await historyOf(store, name)).filter(({ kind }) => kind === "stage_set");
    assert.deepEqual(
      moves.map(({ version, before, after }) => `${version}: ${before} → ${after}`),
      [
        "1: none → production",
        "2: none → staging",
        "3: none → staging",
        "1: production → archived",
        "3: staging → production",
      ],
    );
  },
  "leave a stage through no gate, and pass only those of the place they come to": async (
    store,
    room,
  ) => {
    const name = room.name("iris");
    await store.models.addVersion(room.aModelVersion());
    const stage = { name, version: 1, updatedAt: LATER } as const;
    await store.models.setStage({ ...stage, stage: "staging" });
    const requires = "metrics.acc >= 0.5";
    const gates = [
      { alias: "best", requires },
      { stage: "production", requires },
    ] as const;
    await store.models.setGates({ name, gates, updatedAt: LATER });
    await refuses("conflict", () => store.models.setStage({ ...stage, stage: "production" }));
    const archived = await store.models.setStage({ ...stage, stage: "archived" });
    assert.equal(archived.stage, "archived");
    assert.equal((await store.models.setStage({ ...stage, stage: null })).stage, undefined);
    const forced = { ...stage, stage: "production", force: true } as const;
    assert.equal((await store.models.setStage(forced)).stage, "production");
    assert.deepEqual(
      (await historyOf(store, name)).map(({ kind, forced: isForced }) => [kind, isForced]),
      [
        ["model_created", undefined],
        ["version_created", undefined],
        ["stage_set", undefined],
        ["gates_set", undefined],
        ["stage_set", undefined],
        ["stage_set", undefined],
        ["stage_set", true],
      ],
    );
  },
});
