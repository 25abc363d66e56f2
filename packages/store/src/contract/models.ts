import assert from "node:assert/strict";
import type { Store } from "../port/store.ts";
import { aModel, aModelVersion, BUILT_AT } from "./builders.ts";
import {
  attribute,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";

const LATER = BUILT_AT + 10;

async function threeVersions(store: Store): Promise<void> {
  for (const source of ["a", "b", "c"]) await store.models.addVersion(aModelVersion({ source }));
}

function alias(version: number): Parameters<Store["models"]["setAlias"]>[0] {
  return { name: "iris", alias: "best", version, updatedAt: LATER };
}

/** Rules of {@link ModelStore}. */
export const modelRules: readonly ContractCase[] = contractGroup("models", {
  "come out as they went in, and have names of their own": async (store) => {
    const model = aModel({ description: "d", tags: { a: "1" } });
    await store.models.create(model);
    assert.deepEqual(await store.models.get("iris"), model);
    assert.equal(await store.models.get("Iris"), undefined);
    await refuses("already_exists", () => store.models.create(aModel()));
  },
  "are made by their first version": async (store) => {
    const given = aModelVersion({
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
    assert.deepEqual(await store.models.getVersion({ name: "iris", version: 1 }), expected);
    assert.deepEqual(
      await store.models.get("iris"),
      aModel({ aliases: { best: 1, new: 1 }, latestVersion: 1 }),
    );
  },
  "number versions one by one, however many come at once": async (store) => {
    const versions = await Promise.all(
      Array.from({ length: 10 }, () => store.models.addVersion(aModelVersion())),
    );
    const numbers = versions.map(({ version }) => version).toSorted((a, b) => a - b);
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  },
  "never give a number twice": async (store) => {
    await threeVersions(store);
    await store.models.deleteVersion({ name: "iris", version: 3 });
    assert.equal((await store.models.get("iris"))?.latestVersion, 2);
    assert.equal((await store.models.addVersion(aModelVersion())).version, 4);
  },
  "point aliases at versions that are there": async (store) => {
    await threeVersions(store);
    const key = { name: "iris", alias: "best" };
    await store.models.setAlias(alias(1));
    await store.models.setAlias(alias(2));
    assert.equal((await store.models.findVersionByAlias(key))?.version, 2);
    assert.deepEqual((await store.models.get("iris"))?.aliases, { best: 2 });
    await refuses("not_found", () => store.models.setAlias(alias(9)));
    await refuses("not_found", () => store.models.setAlias({ ...alias(1), name: "none" }));
    assert.equal((await store.models.findVersionByAlias(key))?.version, 2);
    await store.models.deleteAlias({ ...key, updatedAt: LATER });
    assert.equal(await store.models.findVersionByAlias(key), undefined);
  },
  "lose a version with its aliases": async (store) => {
    await threeVersions(store);
    await store.models.setAlias(alias(2));
    await store.models.deleteVersion({ name: "iris", version: 2 });
    assert.equal(await store.models.getVersion({ name: "iris", version: 2 }), undefined);
    assert.deepEqual((await store.models.get("iris"))?.aliases, {});
    await refuses("not_found", () => store.models.deleteVersion({ name: "iris", version: 2 }));
  },
  "go with all that is theirs": async (store) => {
    await threeVersions(store);
    await store.models.setAlias(alias(2));
    await store.models.delete("iris");
    assert.equal(await store.models.get("iris"), undefined);
    assert.equal(await store.models.getVersion({ name: "iris", version: 1 }), undefined);
    assert.deepEqual(await store.models.searchVersions(EVERYTHING), { items: [] });
    await refuses("not_found", () => store.models.delete("iris"));
  },
  "change only what the patch names": async (store) => {
    await store.models.addVersion(aModelVersion({ description: "old", tags: { a: "1", b: "2" } }));
    const patch = { name: "iris", tags: { a: "9" }, removeTags: ["b"], updatedAt: LATER };
    const version = await store.models.updateVersion({ ...patch, version: 1 });
    assert.deepEqual(
      [version.description, version.tags, version.updatedAt],
      ["old", { a: "9" }, LATER],
    );
    const model = await store.models.update({ ...patch, description: "new" });
    assert.deepEqual([model.description, model.tags, model.updatedAt], ["new", { a: "9" }, LATER]);
    assert.deepEqual(await store.models.get("iris"), model);
    await refuses("not_found", () => store.models.update({ ...patch, name: "none" }));
    await refuses("not_found", () => store.models.updateVersion({ ...patch, version: 9 }));
  },
  "are searched, and so are their versions, over pages": async (store) => {
    await threeVersions(store);
    await store.models.create(aModel({ name: "other", tags: { team: "x" } }));
    const found = await store.models.search(where({ kind: "tag", key: "team" }, "=", "x"));
    assert.deepEqual(
      found.items.map(({ name }) => name),
      ["other"],
    );
    const all = await readPages((page) => store.models.search({ ...EVERYTHING, ...page }), 1);
    assert.deepEqual(all.map(({ name }) => name).toSorted(), ["iris", "other"]);
    const newer = where(attribute("version"), ">=", 2);
    const versions = await readPages(
      (page) => store.models.searchVersions({ ...newer, ...page }),
      1,
    );
    assert.deepEqual(versions.map(({ version }) => version).toSorted(), [2, 3]);
    const none = await store.models.searchVersions(where(attribute("source"), "=", "C"));
    assert.deepEqual(none.items, []);
  },
});
