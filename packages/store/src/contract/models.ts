import assert from "node:assert/strict";
import type { ModelVersion, RegisteredModel } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { Store } from "../port/store.ts";
import { aRun, BUILT_AT } from "./builders.ts";
import {
  attribute,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";
import { entityRules } from "./entity-rules.ts";
import type { Room } from "./room.ts";

const LATER = BUILT_AT + 10;

async function threeVersions(store: Store, room: Room): Promise<void> {
  for (const source of ["a", "b", "c"])
    await store.models.addVersion(room.aModelVersion({ source }));
}

function alias(room: Room, version: number): Parameters<Store["models"]["setAlias"]>[0] {
  return { name: room.name("iris"), alias: "best", version, updatedAt: LATER };
}

const ownRules = contractGroup("models", {
  "come out as they went in, and have names of their own": async (store, room) => {
    const name = room.name("iris");
    const model = room.aModel({ description: "d", tags: { a: "1" } });
    await store.models.create(model);
    assert.deepEqual(await store.models.get(name), model);
    assert.equal(await store.models.get(room.name("Iris")), undefined);
    await refuses("already_exists", () => store.models.create(room.aModel()));
  },
  "are made by their first version": async (store, room) => {
    const name = room.name("iris");
    const given = room.aModelVersion({
      source: "s3://x",
      artifactPath: "m.json",
      tags: { t: "1" },
      metrics: { acc: 0.5 },
      setAliases: ["best", "new"],
    });
    const added = await store.models.addVersion(given);
    const { setAliases: _aliases, ...rest } = given;
    const expected = { ...rest, version: 1, aliases: ["best", "new"] };
    assert.deepEqual(added, expected);
    assert.deepEqual(await store.models.getVersion({ name, version: 1 }), expected);
    assert.deepEqual(
      await store.models.get(name),
      room.aModel({ aliases: { best: 1, new: 1 }, latestVersion: 1 }),
    );
  },
  "number versions one by one, however many come at once": async (store, room) => {
    const versions = await Promise.all(
      Array.from({ length: 10 }, () => store.models.addVersion(room.aModelVersion())),
    );
    const numbers = versions.map(({ version }) => version).toSorted((a, b) => a - b);
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  },
  "never give a number twice": async (store, room) => {
    const name = room.name("iris");
    await threeVersions(store, room);
    await store.models.deleteVersion({ name, version: 3, updatedAt: LATER });
    assert.equal((await store.models.get(name))?.latestVersion, 2);
    assert.equal((await store.models.addVersion(room.aModelVersion())).version, 4);
  },
  "point aliases at versions that are there": async (store, room) => {
    const name = room.name("iris");
    await threeVersions(store, room);
    const key = { name, alias: "best" };
    await store.models.setAlias(alias(room, 1));
    await store.models.setAlias(alias(room, 2));
    assert.equal((await store.models.findVersionByAlias(key))?.version, 2);
    assert.deepEqual((await store.models.get(name))?.aliases, { best: 2 });
    await refuses("not_found", () => store.models.setAlias(alias(room, 9)));
    await refuses("not_found", () =>
      store.models.setAlias({ ...alias(room, 1), name: room.name("none") }),
    );
    assert.equal((await store.models.findVersionByAlias(key))?.version, 2);
    await store.models.deleteAlias({ ...key, updatedAt: LATER });
    assert.equal(await store.models.findVersionByAlias(key), undefined);
  },
  "move an alias only from where it was last seen": async (store, room) => {
    await threeVersions(store, room);
    const move = (version: number, expected: number | null): Promise<void> =>
      store.models.setAlias({ ...alias(room, version), expected });
    await refuses("conflict", () => move(1, 3));
    await move(1, null);
    await refuses("conflict", () => move(2, null));
    await move(2, 1);
    await refuses("conflict", () => move(3, 1));
    assert.deepEqual((await store.models.get(room.name("iris")))?.aliases, { best: 2 });
  },
  "keep a history that is only added to, and says who and why": async (store, room) => {
    const name = room.name("iris");
    await threeVersions(store, room);
    await store.models.setAlias({ ...alias(room, 1), callId: "c", userId: "ann", why: "better" });
    await store.models.setAlias({ ...alias(room, 1), userId: "bob" });
    await store.models.setAlias(alias(room, 2));
    await store.models.rollBack({ name, alias: "best", updatedAt: LATER });
    await store.models.delete({ name, updatedAt: LATER });
    const entries = await readPages((page) => store.models.history({ name, ...page }), 2);
    assert.deepEqual(
      entries.map(({ number, kind, version, before }) => [number, kind, version, before]),
      [
        [8, "model_deleted", undefined, undefined],
        [7, "alias_rolled_back", 1, "2"],
        [6, "alias_set", 2, "1"],
        [5, "alias_set", 1, undefined],
        [4, "version_created", 3, undefined],
        [3, "version_created", 2, undefined],
        [2, "version_created", 1, undefined],
        [1, "model_created", undefined, undefined],
      ],
    );
    const { userId, why, at } = entries[3] ?? {};
    assert.deepEqual([userId, why, at], ["ann", "better", LATER]);
    const ofCall = await store.models.history({ name, callId: "c", limit: 10 });
    assert.deepEqual(
      ofCall.items.map(({ number }) => number),
      [5],
    );
  },
  "come to a guarded place only with what it requires, by whatever way": async (store, room) => {
    const name = room.name("iris");
    const requires = "metrics.acc >= 0.5";
    await store.models.addVersion(room.aModelVersion({ metrics: { acc: 0.4 } }));
    await store.models.addVersion(room.aModelVersion({ metrics: { acc: 0.5 } }));
    await store.models.addVersion(room.aModelVersion({ metrics: { acc: Number.NaN } }));
    const gates = [
      { alias: "best", requires },
      { stage: "production", requires },
    ] as const;
    await store.models.setGates({ name, gates, updatedAt: LATER });
    const stage = { name, stage: "production", updatedAt: LATER } as const;
    await refuses("conflict", () => store.models.setAlias(alias(room, 1)));
    await refuses("conflict", () => store.models.setAlias(alias(room, 3)));
    await refuses("conflict", () => store.models.setStage({ ...stage, version: 1 }));
    await refuses("conflict", () =>
      store.models.addVersion(room.aModelVersion({ setAliases: ["best"] })),
    );
    assert.equal((await store.models.get(name))?.latestVersion, 3);
    const renamed = room.name("rose");
    await store.models.rename({ name, newName: renamed, updatedAt: LATER });
    await refuses("conflict", () => store.models.setAlias({ ...alias(room, 1), name: renamed }));
    await store.models.setAlias({ ...alias(room, 2), name: renamed });
    const placed = await store.models.setStage({ ...stage, name: renamed, version: 2 });
    assert.deepEqual([placed.stage, placed.aliases], ["production", ["best"]]);
    await store.models.setAlias({ ...alias(room, 1), name: renamed, force: true });
    const last = await store.models.history({ name: renamed, alias: "best", limit: 1 });
    assert.deepEqual([last.items[0]?.version, last.items[0]?.forced], [1, true]);
  },
  "are renamed with versions, tags, aliases, files and numbers": async (store, room) => {
    const [name, newName] = [room.name("iris"), room.name("röse")];
    await store.models.create(room.aModel({ tags: { __proto__x: "1" } }));
    await store.models.addVersion(room.aModelVersion({ tags: { t: "1" }, setAliases: ["best"] }));
    const change = { name, newName, updatedAt: LATER };
    const model = room.aModel({ name: newName, tags: { __proto__x: "1" }, updatedAt: LATER });
    const expected = { ...model, aliases: { best: 1 }, latestVersion: 1 };
    assert.deepEqual(await store.models.rename(change), expected);
    assert.deepEqual(await store.models.get(newName), expected);
    assert.equal(await store.models.get(name), undefined);
    const version = await store.models.findVersionByAlias({ name: newName, alias: "best" });
    assert.deepEqual([version?.name, version?.version, version?.tags], [newName, 1, { t: "1" }]);
    const next = await store.models.addVersion(room.aModelVersion({ name: newName }));
    assert.equal(next.version, 2);
    await refuses("not_found", () => store.models.rename(change));
    await store.models.create(room.aModel());
    await refuses("already_exists", () => store.models.rename(change));
  },
  "archive what was in a stage, when asked to": async (store, room) => {
    const name = room.name("iris");
    await threeVersions(store, room);
    const stage = { name, stage: "production", updatedAt: LATER } as const;
    await store.models.setStage({ ...stage, version: 1 });
    await store.models.setStage({ ...stage, version: 2 });
    await store.models.setStage({ ...stage, version: 3, archiveExisting: true });
    const stages = await Promise.all(
      [1, 2, 3].map(async (version) => (await store.models.getVersion({ name, version }))?.stage),
    );
    assert.deepEqual(stages, ["archived", "archived", "production"]);
    const none = await store.models.setStage({ ...stage, version: 3, stage: null });
    assert.equal(none.stage, undefined);
  },
  "let one of many move an alias that all of them saw at the same place": async (store, room) => {
    const name = room.name("iris");
    await threeVersions(store, room);
    await store.models.setAlias(alias(room, 1));
    const outcomes = await Promise.allSettled(
      [2, 3, 2, 3, 2].map((version) =>
        store.models.setAlias({ ...alias(room, version), expected: 1 }),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    const { items } = await store.models.history({ name, alias: "best", limit: 10 });
    assert.equal(items.length, 2);
  },
  "lose a version with its aliases": async (store, room) => {
    const name = room.name("iris");
    await threeVersions(store, room);
    await store.models.setAlias(alias(room, 2));
    await store.models.deleteVersion({ name, version: 2, updatedAt: LATER });
    assert.equal(await store.models.getVersion({ name, version: 2 }), undefined);
    assert.deepEqual((await store.models.get(name))?.aliases, {});
    await refuses("not_found", () =>
      store.models.deleteVersion({ name, version: 2, updatedAt: LATER }),
    );
  },
  "go with all that is theirs": async (store, room) => {
    const name = room.name("iris");
    await threeVersions(store, room);
    await store.models.setAlias(alias(room, 2));
    await store.models.delete({ name, updatedAt: LATER });
    assert.equal(await store.models.get(name), undefined);
    assert.equal(await store.models.getVersion({ name, version: 1 }), undefined);
    assert.deepEqual(await store.models.searchVersions(room.only(EVERYTHING)), { items: [] });
    await refuses("not_found", () => store.models.delete({ name, updatedAt: LATER }));
  },
  "change only what the patch names": async (store, room) => {
    const name = room.name("iris");
    await store.models.addVersion(
      room.aModelVersion({ description: "old", tags: { a: "1", b: "2" } }),
    );
    const patch = { name, tags: { a: "9" }, removeTags: ["b"], updatedAt: LATER };
    const version = await store.models.updateVersion({ ...patch, version: 1 });
    assert.deepEqual(
      [version.description, version.tags, version.updatedAt],
      ["old", { a: "9" }, LATER],
    );
    const model = await store.models.update({ ...patch, description: "new" });
    assert.deepEqual([model.description, model.tags, model.updatedAt], ["new", { a: "9" }, LATER]);
    assert.deepEqual(await store.models.get(name), model);
    await refuses("not_found", () => store.models.update({ ...patch, name: room.name("none") }));
    await refuses("not_found", () => store.models.updateVersion({ ...patch, version: 9 }));
  },
  "are searched, and so are their versions, over pages": async (store, room) => {
    await threeVersions(store, room);
    await store.models.create(room.aModel({ name: room.name("other"), tags: { team: "x" } }));
    const found = await store.models.search(
      room.only(where({ kind: "tag", key: "team" }, "=", "x")),
    );
    assert.deepEqual(
      found.items.map(({ name }) => name),
      [room.name("other")],
    );
    const everything = room.only(EVERYTHING);
    const all = await readPages((page) => store.models.search({ ...everything, ...page }), 1);
    assert.deepEqual(all.map(({ name }) => name).toSorted(), [
      room.name("iris"),
      room.name("other"),
    ]);
    const newer = room.only(where(attribute("version"), ">=", 2));
    const versions = await readPages(
      (page) => store.models.searchVersions({ ...newer, ...page }),
      1,
    );
    assert.deepEqual(versions.map(({ version }) => version).toSorted(), [2, 3]);
    const none = await store.models.searchVersions(room.only(where(attribute("source"), "=", "C")));
    assert.deepEqual(none.items, []);
  },
});

/** Rules of {@link ModelStore}. */
export const modelRules: readonly ContractCase[] = [
  ...entityRules<RegisteredModel>("models", {
    entity: ENTITIES.model,
    rest: (room, number) => ({
      name: room.name(`m${number}`),
      tags: { number: String(number) },
      aliases: {},
    }),
    add: (store, model) => store.models.create(model),
    get: (store, { name }) => store.models.get(name),
    search: (store, room, query) => store.models.search(room.only(query)),
  }),
  ...entityRules<ModelVersion>("versions of models", {
    entity: ENTITIES.modelVersion,
    rest: (room, number) => ({
      name: room.name(`m${number}`),
      version: 1,
      runId: room.id(number),
      tags: { number: String(number) },
      aliases: [],
    }),
    add: async (store, { version: _first, aliases: _none, ...version }) => {
      await store.runs.create(aRun({ id: version.runId ?? "" }));
      await store.models.addVersion(version);
    },
    get: (store, key) => store.models.getVersion(key),
    search: (store, room, query) => store.models.searchVersions(room.only(query)),
  }),
  ...ownRules,
];
