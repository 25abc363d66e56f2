import assert from "node:assert/strict";
import type { ModelVersion, RegisteredModel } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { Store } from "../port/store.ts";
import { BUILT_AT } from "./builders.ts";
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
      tags: { number: String(number) },
      aliases: [],
    }),
    add: (store, { version: _first, aliases: _none, ...version }) =>
      store.models.addVersion(version),
    get: (store, key) => store.models.getVersion(key),
    search: (store, room, query) => store.models.searchVersions(room.only(query)),
  }),
  ...ownRules,
];
