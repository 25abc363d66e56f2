import assert from "node:assert/strict";
import type { Store } from "../port/store.ts";
import { anExperiment, BUILT_AT } from "./builders.ts";
import {
  attribute,
  by,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";

async function names(store: Store, lifecycle: "active" | "deleted" | "all"): Promise<string[]> {
  const query = { ...EVERYTHING, order: by(attribute("name")), lifecycle };
  return (await store.experiments.search(query)).items.map(({ name }) => name);
}

/** Rules of {@link ExperimentStore}. */
export const experimentRules: readonly ContractCase[] = contractGroup("experiments", {
  "the default one is there": async (store) => {
    const found = await store.experiments.get("0");
    assert.equal(found?.name, "Default");
    assert.equal(found?.lifecycleStage, "active");
  },
  "come out as they went in": async (store) => {
    const tags = Object.fromEntries([
      ["a.b/c d", "x"],
      ["__proto__", "y"],
      ["empty", ""],
      ["emoji", "🦦 '\"%_"],
    ]);
    const experiment = anExperiment({ tags, name: "a '\"` ; -- name" });
    await store.experiments.create(experiment);
    assert.deepEqual(await store.experiments.get("1"), experiment);
    assert.deepEqual(await store.experiments.findByName(experiment.name), experiment);
    assert.equal(await store.experiments.findByName("A '\"` ; -- NAME"), undefined);
    assert.equal(await store.experiments.get("2"), undefined);
  },
  "have names of their own, deleted ones too": async (store) => {
    await store.experiments.create(anExperiment());
    await refuses("already_exists", () => store.experiments.create(anExperiment({ id: "2" })));
    await store.experiments.update({ id: "1", lifecycleStage: "deleted", updatedAt: BUILT_AT });
    await refuses("already_exists", () => store.experiments.create(anExperiment({ id: "2" })));
    await store.experiments.create(anExperiment({ id: "3", name: "other" }));
    await refuses("already_exists", () =>
      store.experiments.update({ id: "3", name: "iris", updatedAt: BUILT_AT }),
    );
    assert.equal((await store.experiments.get("3"))?.name, "other");
  },
  "change only what the patch names": async (store) => {
    await store.experiments.create(anExperiment({ tags: { a: "1", b: "2", c: "3" } }));
    const updated = await store.experiments.update({
      id: "1",
      name: "new",
      tags: { a: "9", d: "4" },
      removeTags: ["b", "absent"],
      updatedAt: BUILT_AT + 1,
    });
    const expected = anExperiment({
      name: "new",
      tags: { a: "9", c: "3", d: "4" },
      updatedAt: BUILT_AT + 1,
    });
    assert.deepEqual(updated, expected);
    assert.deepEqual(await store.experiments.get("1"), expected);
    await refuses("not_found", () => store.experiments.update({ id: "9", updatedAt: BUILT_AT }));
  },
  "are hidden while they are deleted": async (store) => {
    await store.experiments.create(anExperiment());
    await store.experiments.update({ id: "1", lifecycleStage: "deleted", updatedAt: BUILT_AT });
    assert.deepEqual(await names(store, "active"), ["Default"]);
    assert.deepEqual(await names(store, "deleted"), ["iris"]);
    assert.deepEqual(await names(store, "all"), ["Default", "iris"]);
  },
  "are listed newest first, each once over pages": async (store) => {
    for (let index = 1; index <= 7; index += 1) {
      // Two of each time, so that the order within one time has to hold over pages.
      const createdAt = BUILT_AT + Math.floor(index / 2);
      await store.experiments.create(
        anExperiment({ id: String(index), name: `e${index}`, createdAt }),
      );
    }
    const query = { ...where(attribute("name"), "LIKE", "e%"), lifecycle: "all" as const };
    const items = await readPages((page) => store.experiments.search({ ...query, ...page }), 2);
    assert.equal(new Set(items.map(({ id }) => id)).size, 7);
    const times = items.map(({ createdAt }) => createdAt);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
  },
  "are found by tag": async (store) => {
    await store.experiments.create(anExperiment({ tags: { team: "blue" } }));
    const query = where({ kind: "tag", key: "team" }, "=", "blue");
    const page = await store.experiments.search({ ...query, lifecycle: "active" });
    assert.deepEqual(
      page.items.map(({ id }) => id),
      ["1"],
    );
  },
});
