import type { ModelAliasWrite, ModelStore, NewModelVersion, VersionKey } from "../../port/store.ts";
import type { Database, Insert, Sql } from "../database.ts";
import { movedAlias, noAlias } from "../kit/entity-errors.ts";
import { number } from "../values.ts";
import { metricsJson, modelRows, modelVersionRows } from "./model-rows.ts";
import { removeAll, takeNumber, touch, type Versioned, versionId } from "./versioned.ts";

const registry: Versioned = {
  names: modelRows,
  table: "models",
  counter: "last_version",
  versions: "model_versions",
  aliases: "model_aliases",
  tagged: "modelVersion",
};

/** Registered models in SQL. */
export function modelStore(database: Database): ModelStore {
  return { ...models(database), ...versions(database), ...aliases(database) };
}

function models(
  database: Database,
): Pick<ModelStore, "create" | "get" | "update" | "delete" | "search"> {
  return {
    create: (model) =>
      database.transaction((sql) => modelRows.create(sql, { ...model, lastVersion: 0 })),
    get: (name) => database.snapshot((sql) => modelRows.find(sql, [name])),
    update: (patch) => database.transaction((sql) => modelRows.patch(sql, [patch.name], patch)),
    delete: (name) => database.transaction((sql) => removeAll(sql, registry, [name])),
    search: (query) => modelRows.search(database, { query }),
  };
}

function versions(
  database: Database,
): Pick<
  ModelStore,
  | "addVersion"
  | "getVersion"
  | "findVersionByAlias"
  | "updateVersion"
  | "deleteVersion"
  | "searchVersions"
> {
  return {
    addVersion: (version) =>
      database.transaction(async (sql) =>
        modelVersionRows.get(sql, [version.name, await insertVersion(sql, version)]),
      ),
    getVersion: ({ name, version }) =>
      database.snapshot((sql) => modelVersionRows.find(sql, [name, version])),
    findVersionByAlias: ({ name, alias }) =>
      database.snapshot(async (sql) => {
        const [row] = await sql.all(
          "SELECT version FROM model_aliases WHERE name = ? AND alias = ?",
          [name, alias],
        );
        return row && modelVersionRows.find(sql, [name, number(row, "version")]);
      }),
    updateVersion: (patch) =>
      database.transaction((sql) =>
        modelVersionRows.patch(sql, [patch.name, patch.version], patch),
      ),
    deleteVersion: (key) => database.transaction((sql) => deleteVersion(sql, key)),
    searchVersions: (query) => modelVersionRows.search(database, { query }),
  };
}

function aliases(database: Database): Pick<ModelStore, "setAlias" | "deleteAlias"> {
  return {
    setAlias: (write) =>
      database.transaction(async (sql) => {
        const { name, alias, version, updatedAt } = write;
        // Every change of a model's versions locks the model's row first.
        await touch(sql, registry, { name, at: updatedAt });
        await modelVersionRows.get(sql, [name, version]);
        await refuseMoved(sql, write);
        await sql.insert(INSERT_ALIAS, [[name, alias, version]]);
      }),
    deleteAlias: ({ name, alias, updatedAt }) =>
      database.transaction(async (sql) => {
        await touch(sql, registry, { name, at: updatedAt });
        const deleted = await sql.run("DELETE FROM model_aliases WHERE name = ? AND alias = ?", [
          name,
          alias,
        ]);
        if (deleted === 0) throw noAlias("model", name, alias);
      }),
  };
}

const INSERT_ALIAS: Insert = {
  table: "model_aliases",
  columns: ["name", "alias", "version"],
  conflict: { key: ["name", "alias"], update: ["version"] },
};

async function refuseMoved(sql: Sql, { name, alias, expected }: ModelAliasWrite): Promise<void> {
  if (expected === undefined) return;
  const [row] = await sql.all("SELECT version FROM model_aliases WHERE name = ? AND alias = ?", [
    name,
    alias,
  ]);
  const current = row === undefined ? null : number(row, "version");
  if (current !== expected) throw movedAlias("model", name, alias);
}

async function insertVersion(sql: Sql, version: NewModelVersion): Promise<number> {
  const { name, createdAt, updatedAt } = version;
  const model = { name, description: "", createdAt, updatedAt, lastVersion: 0 };
  await sql.insert(modelRows.keep, [modelRows.values(model)]);
  const next = await takeNumber(sql, registry, { name, at: updatedAt });
  const metrics = metricsJson(version.metrics);
  const row = { ...version, metrics, version: next, id: versionId(name, next) };
  await modelVersionRows.create(sql, row);
  await sql.insert(
    INSERT_ALIAS,
    [...new Set(version.setAliases)].map((alias) => [name, alias, next]),
  );
  return next;
}

async function deleteVersion(sql: Sql, { name, version }: VersionKey): Promise<void> {
  await sql.all(`SELECT 1 FROM models WHERE name = ? ${sql.dialect.forUpdate}`, [name]);
  await modelVersionRows.remove(sql, [name, version]);
  await sql.run("DELETE FROM model_aliases WHERE name = ? AND version = ?", [name, version]);
}
