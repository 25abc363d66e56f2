import type { ModelVersion, RegisteredModel } from "@rivulet/domain";
import type {
  ModelStore,
  ModelVersionKey,
  ModelVersionPatch,
  NewModelVersion,
} from "../port/store.ts";
import type { Database, Insert, Sql } from "./database.ts";
import { getModel, getVersion, loadModels, loadVersions } from "./model-rows.ts";
import { noAlias, noName, noVersion, taken } from "./registry-errors.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import { deleteTags, patchTags, versionOwner } from "./tags.ts";
import { number, orNull, text, toMicros } from "./values.ts";

const modelTable: SearchTable = {
  name: "models",
  attributes: {
    name: { expression: "t.name", type: "text" },
    createdAt: { expression: "t.created_us", type: "time" },
    updatedAt: { expression: "t.updated_us", type: "time" },
  },
  lookups: { tag: tagLookup("model", "t.name") },
  defaultOrder: [{ column: "name", descending: false }],
  tieBreak: [{ column: "name", descending: false }],
};

const versionTable: SearchTable = {
  name: "model_versions",
  attributes: {
    name: { expression: "t.name", type: "text" },
    version: { expression: "t.version", type: "number" },
    runId: { expression: "t.run_id", type: "text", nullable: true },
    source: { expression: "t.source", type: "text", nullable: true },
    createdAt: { expression: "t.created_us", type: "time" },
    updatedAt: { expression: "t.updated_us", type: "time" },
  },
  lookups: { tag: tagLookup("model_version", "t.id") },
  defaultOrder: [
    { column: "created_us", descending: true },
    { column: "name", descending: false },
    { column: "version", descending: true },
  ],
  tieBreak: [
    { column: "name", descending: false },
    { column: "version", descending: true },
  ],
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
      database.transaction(async (sql) => {
        if ((await insertModel(sql, model)) === 0) throw taken("Model", model.name);
        await patchTags(sql, { entity: "model", owner: model.name }, model);
      }),
    get: (name) => database.snapshot((sql) => getModel(sql, name)),
    update: (patch) =>
      database.transaction(async (sql) => {
        const updated = await sql.run(
          "UPDATE models SET description = COALESCE(?, description), updated_us = ? WHERE name = ?",
          [orNull(patch.description), toMicros(patch.updatedAt), patch.name],
        );
        if (updated === 0) throw noName("model", patch.name);
        await patchTags(sql, { entity: "model", owner: patch.name }, patch);
        return requireModel(sql, patch.name);
      }),
    delete: (name) => database.transaction((sql) => deleteModel(sql, name)),
    search: (query) =>
      database.snapshot(async (sql) => {
        const { items, ...rest } = await searchRows(sql, { table: modelTable, query });
        return { items: await loadModels(sql, items), ...rest };
      }),
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
        requireVersion(sql, { name: version.name, version: await insertVersion(sql, version) }),
      ),
    getVersion: (key) => database.snapshot((sql) => getVersion(sql, key)),
    findVersionByAlias: ({ name, alias }) =>
      database.snapshot(async (sql) => {
        const [row] = await sql.all(
          "SELECT version FROM model_aliases WHERE name = ? AND alias = ?",
          [name, alias],
        );
        return row && getVersion(sql, { name, version: number(row, "version") });
      }),
    updateVersion: (patch) => database.transaction((sql) => updateVersion(sql, patch)),
    deleteVersion: (key) => database.transaction((sql) => deleteVersion(sql, key)),
    searchVersions: (query) =>
      database.snapshot(async (sql) => {
        const { items, ...rest } = await searchRows(sql, { table: versionTable, query });
        return { items: await loadVersions(sql, items), ...rest };
      }),
  };
}

function aliases(database: Database): Pick<ModelStore, "setAlias" | "deleteAlias"> {
  const touch = (sql: Sql, name: string, updatedAt: number): Promise<number> =>
    sql.run("UPDATE models SET updated_us = ? WHERE name = ?", [toMicros(updatedAt), name]);
  return {
    setAlias: ({ name, alias, version, updatedAt }) =>
      database.transaction(async (sql) => {
        // Whoever changes versions of a model has its row first.
        await touch(sql, name, updatedAt);
        await requireVersion(sql, { name, version });
        await sql.insert(INSERT_ALIAS, [[name, alias, version]]);
      }),
    deleteAlias: ({ name, alias, updatedAt }) =>
      database.transaction(async (sql) => {
        await touch(sql, name, updatedAt);
        const deleted = await sql.run("DELETE FROM model_aliases WHERE name = ? AND alias = ?", [
          name,
          alias,
        ]);
        if (deleted === 0) throw noAlias("Model", name, alias);
      }),
  };
}

async function requireModel(sql: Sql, name: string): Promise<RegisteredModel> {
  const model = await getModel(sql, name);
  if (model === undefined) throw noName("model", name);
  return model;
}

async function requireVersion(sql: Sql, key: ModelVersionKey): Promise<ModelVersion> {
  const version = await getVersion(sql, key);
  if (version === undefined) throw noVersion("model", key);
  return version;
}

async function updateVersion(sql: Sql, patch: ModelVersionPatch): Promise<ModelVersion> {
  const updated = await sql.run(
    "UPDATE model_versions SET description = COALESCE(?, description), updated_us = ? WHERE name = ? AND version = ?",
    [orNull(patch.description), toMicros(patch.updatedAt), patch.name, patch.version],
  );
  if (updated === 0) throw noVersion("model", patch);
  const owner = versionOwner(patch.name, patch.version);
  await patchTags(sql, { entity: "model_version", owner }, patch);
  return requireVersion(sql, patch);
}

async function deleteVersion(sql: Sql, key: ModelVersionKey): Promise<void> {
  const values = [key.name, key.version];
  await sql.all(`SELECT 1 FROM models WHERE name = ? ${sql.dialect.forUpdate}`, [key.name]);
  const deleted = await sql.run(
    "DELETE FROM model_versions WHERE name = ? AND version = ?",
    values,
  );
  if (deleted === 0) throw noVersion("model", key);
  await sql.run("DELETE FROM model_aliases WHERE name = ? AND version = ?", values);
  await deleteTags(sql, "model_version", [versionOwner(key.name, key.version)]);
}

const INSERT_MODEL: Insert = {
  table: "models",
  columns: ["name", "description", "last_version", "created_us", "updated_us"],
  conflict: { key: ["name"], update: [] },
};
const INSERT_VERSION: Insert = {
  table: "model_versions",
  columns: [
    "name",
    "version",
    "id",
    "description",
    "run_id",
    "artifact_path",
    "source",
    "metrics",
    "created_us",
    "updated_us",
  ],
};
const INSERT_ALIAS: Insert = {
  table: "model_aliases",
  columns: ["name", "alias", "version"],
  conflict: { key: ["name", "alias"], update: ["version"] },
};

type ModelRow = Pick<RegisteredModel, "name" | "description" | "createdAt" | "updatedAt">;

function insertModel(
  sql: Sql,
  { name, description, createdAt, updatedAt }: ModelRow,
): Promise<number> {
  const values = [name, description, 0, toMicros(createdAt), toMicros(updatedAt)];
  return sql.insert(INSERT_MODEL, [values]);
}

async function insertVersion(sql: Sql, version: NewModelVersion): Promise<number> {
  const { name, createdAt, updatedAt } = version;
  await insertModel(sql, { name, description: "", createdAt, updatedAt });
  await sql.run(
    "UPDATE models SET last_version = last_version + 1, updated_us = ? WHERE name = ?",
    [toMicros(updatedAt), name],
  );
  const [row = {}] = await sql.all("SELECT last_version FROM models WHERE name = ?", [name]);
  const next = number(row, "last_version");
  const id = versionOwner(name, next);
  await sql.insert(INSERT_VERSION, [
    [
      name,
      next,
      id,
      version.description,
      orNull(version.runId),
      orNull(version.artifactPath),
      orNull(version.source),
      JSON.stringify(version.metrics),
      toMicros(createdAt),
      toMicros(updatedAt),
    ],
  ]);
  await patchTags(sql, { entity: "model_version", owner: id }, version);
  await sql.insert(
    INSERT_ALIAS,
    [...new Set(version.setAliases)].map((alias) => [name, alias, next]),
  );
  return next;
}

async function deleteModel(sql: Sql, name: string): Promise<void> {
  const deleted = await sql.run("DELETE FROM models WHERE name = ?", [name]);
  if (deleted === 0) throw noName("model", name);
  const rows = await sql.all("SELECT id FROM model_versions WHERE name = ?", [name]);
  await deleteTags(
    sql,
    "model_version",
    rows.map((row) => text(row, "id")),
  );
  await sql.run("DELETE FROM model_versions WHERE name = ?", [name]);
  await sql.run("DELETE FROM model_aliases WHERE name = ?", [name]);
  await deleteTags(sql, "model", [name]);
}
