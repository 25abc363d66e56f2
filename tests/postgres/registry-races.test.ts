import { randomBytes } from "node:crypto";
import type { Store } from "@rivulet/core";
import { aModelVersion, aPromptVersion, aRun } from "@rivulet/core/testing";
import { Client } from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

/** A store, and another process that has a transaction open on its tables. */
async function aShared() {
  const name = `awaits-${randomBytes(4).toString("hex")}`;
  const url = await aStoreUrl({ application_name: name });
  const { store } = await openedPostgres(url);
  const other = new Client({ connectionString: url.replace(name, "other") });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query(`SET search_path TO ${new URL(url).searchParams.get("schema")}`);
  const begin = async (...statements: readonly string[]): Promise<void> => {
    for (const statement of ["BEGIN", ...statements]) await other.query(statement);
  };
  /** Once a call of the store waits for the other process. */
  const finish = async (...statements: readonly string[]): Promise<void> => {
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = '${name}' AND wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect((await other.query(waiting)).rows).toHaveLength(1), 10_000);
    for (const statement of [...statements, "COMMIT"]) await other.query(statement);
  };
  return { store, begin, finish };
}

async function registered(store: Store): Promise<void> {
  await store.runs.create(aRun());
  for (let made = 0; made < 2; made += 1) {
    await store.models.addVersion(aModelVersion({ name: "iris", runId: aRun().id }));
    await store.prompts.addVersion(aPromptVersion({ name: "greet", contentHash: String(made) }));
  }
}

test("a model that is deleted while a version is registered begins anew with version 1", async () => {
  const { store, begin, finish } = await aShared();
  await registered(store);
  await begin("SELECT 1 FROM models FOR UPDATE");
  const added = store.models.addVersion(aModelVersion({ name: "iris" }));
  await finish("DELETE FROM model_versions", "DELETE FROM models");
  expect(await added).toMatchObject({ name: "iris", version: 1 });
  expect(await store.models.get("iris")).toMatchObject({ latestVersion: 1 });
});

test("a prompt that is deleted while a version is registered begins anew with version 1", async () => {
  const { store, begin, finish } = await aShared();
  await registered(store);
  await begin("SELECT 1 FROM prompts FOR UPDATE");
  const added = store.prompts.addVersion(aPromptVersion({ name: "greet", contentHash: "new" }));
  await finish("DELETE FROM prompt_versions", "DELETE FROM prompts");
  expect(await added).toMatchObject({ name: "greet", version: 1 });
});

test.each([
  [
    "an alias is set",
    (store: Store) =>
      store.models.setAlias({ name: "iris", alias: "live", version: 1, updatedAt: 1 }),
  ],
  [
    "a stage is set",
    (store: Store) =>
      store.models.setStage({ name: "iris", version: 1, stage: "production", updatedAt: 1 }),
  ],
  [
    "a version is deleted",
    (store: Store) => store.models.deleteVersion({ name: "iris", version: 1, updatedAt: 1 }),
  ],
  [
    "a version is copied",
    (store: Store) =>
      store.models.addVersion({
        ...aModelVersion({ name: "iris-prod" }),
        pinned: true,
        copyOf: { name: "iris", version: 1 },
      }),
  ],
])("a model that is deleted while %s is not there", async (_what, change) => {
  const { store, begin, finish } = await aShared();
  await registered(store);
  await begin("SELECT 1 FROM models FOR UPDATE", "SELECT 1 FROM model_versions FOR UPDATE");
  const refused = expect(change(store)).rejects.toMatchObject({ code: "not_found" });
  await finish("DELETE FROM model_versions", "DELETE FROM models");
  await refused;
  const { items } = await store.models.history({ name: "iris", limit: 10 });
  expect(items.map(({ kind }) => kind)).toEqual([
    "version_created",
    "version_created",
    "model_created",
  ]);
  expect(await store.models.get("iris-prod")).toBeUndefined();
});

test("a run that is purged while a version of it is registered is not there", async () => {
  const { store, begin, finish } = await aShared();
  await registered(store);
  await begin("SELECT 1 FROM runs FOR UPDATE");
  const refused = expect(
    store.models.addVersion(aModelVersion({ name: "other", runId: aRun().id })),
  ).rejects.toMatchObject({ code: "not_found" });
  await finish("DELETE FROM runs");
  await refused;
  expect(await store.models.get("other")).toBeUndefined();
});
