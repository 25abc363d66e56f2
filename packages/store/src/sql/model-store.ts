import type { ModelVersion, RegisteredModel } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type {
  ModelStore,
  ModelVersionKey,
  ModelVersionPatch,
  NewModelVersion,
} from "../port/store.ts";
import { searchRows } from "./search.ts";
import { type SearchTable, tagLookup } from "./search-table.ts";
import type { Row, SqlConnection } from "./sql-connection.ts";
import { deleteTags, loadTags, patchTags, versionOwner } from "./tags.ts";
import {
  number,
  optionalText,
  orNull,
  parsed,
  placeholders,
  present,
  text,
  toMicros,
  toMillis,
} from "./values.ts";

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
  lookups: { tag: tagLookup("model_version", "t.name || '@' || t.version") },
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
export function modelStore(sql: SqlConnection): ModelStore {
  return { ...models(sql), ...versions(sql), ...aliases(sql) };
}

function models(
  sql: SqlConnection,
): Pick<ModelStore, "create" | "get" | "update" | "delete" | "search"> {
  return {
    create: (model) =>
      sql.transaction(async () => {
        if ((await getModel(sql, model.name)) !== undefined) throw taken("Model", model.name);
        await insertModel(sql, model);
        await patchTags(sql, { entity: "model", owner: model.name }, model);
      }),
    get: (name) => getModel(sql, name),
    update: (patch) =>
      sql.transaction(async () => {
        const current = await getModel(sql, patch.name);
        if (current === undefined) throw noModel(patch.name);
        await sql.run("UPDATE models SET description = ?, updated_us = ? WHERE name = ?", [
          patch.description ?? current.description,
          toMicros(patch.updatedAt),
          patch.name,
        ]);
        await patchTags(sql, { entity: "model", owner: patch.name }, patch);
        return (await getModel(sql, patch.name)) ?? current;
      }),
    delete: (name) => sql.transaction(() => deleteModel(sql, name)),
    async search(query) {
      const { items, ...rest } = await searchRows(sql, { table: modelTable, query });
      return { items: await loadModels(sql, items), ...rest };
    },
  };
}

function versions(
  sql: SqlConnection,
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
      sql.transaction(async () =>
        requireVersion(sql, { name: version.name, version: await insertVersion(sql, version) }),
      ),
    getVersion: (key) => getVersion(sql, key),
    async findVersionByAlias({ name, alias }) {
      const [row] = await sql.all(
        "SELECT version FROM model_aliases WHERE name = ? AND alias = ?",
        [name, alias],
      );
      return row && getVersion(sql, { name, version: number(row, "version") });
    },
    updateVersion: (patch) => sql.transaction(() => updateVersion(sql, patch)),
    deleteVersion: (key) => sql.transaction(() => deleteVersion(sql, key)),
    async searchVersions(query) {
      const { items, ...rest } = await searchRows(sql, { table: versionTable, query });
      return { items: await loadVersions(sql, items), ...rest };
    },
  };
}

function aliases(sql: SqlConnection): Pick<ModelStore, "setAlias" | "deleteAlias"> {
  const touch = (name: string, updatedAt: number): Promise<number> =>
    sql.run("UPDATE models SET updated_us = ? WHERE name = ?", [toMicros(updatedAt), name]);
  return {
    setAlias: ({ name, alias, version, updatedAt }) =>
      sql.transaction(async () => {
        await requireVersion(sql, { name, version });
        await pointAlias(sql, { name, version }, alias);
        await touch(name, updatedAt);
      }),
    deleteAlias: ({ name, alias, updatedAt }) =>
      sql.transaction(async () => {
        const deleted = await sql.run("DELETE FROM model_aliases WHERE name = ? AND alias = ?", [
          name,
          alias,
        ]);
        if (deleted === 0) throw noAlias("Model", name, alias);
        await touch(name, updatedAt);
      }),
  };
}

async function getModel(sql: SqlConnection, name: string): Promise<RegisteredModel | undefined> {
  return (await loadModels(sql, await sql.all("SELECT * FROM models WHERE name = ?", [name])))[0];
}

async function getVersion(
  sql: SqlConnection,
  { name, version }: ModelVersionKey,
): Promise<ModelVersion | undefined> {
  const rows = await sql.all("SELECT * FROM model_versions WHERE name = ? AND version = ?", [
    name,
    version,
  ]);
  return (await loadVersions(sql, rows))[0];
}

async function requireVersion(sql: SqlConnection, key: ModelVersionKey): Promise<ModelVersion> {
  const version = await getVersion(sql, key);
  if (version === undefined) throw noVersion("model", key);
  return version;
}

async function updateVersion(sql: SqlConnection, patch: ModelVersionPatch): Promise<ModelVersion> {
  const current = await requireVersion(sql, patch);
  await sql.run(
    "UPDATE model_versions SET description = ?, updated_us = ? WHERE name = ? AND version = ?",
    [
      patch.description ?? current.description,
      toMicros(patch.updatedAt),
      patch.name,
      patch.version,
    ],
  );
  const owner = versionOwner(patch.name, patch.version);
  await patchTags(sql, { entity: "model_version", owner }, patch);
  return requireVersion(sql, patch);
}

async function deleteVersion(sql: SqlConnection, key: ModelVersionKey): Promise<void> {
  await requireVersion(sql, key);
  const values = [key.name, key.version];
  await sql.run("DELETE FROM model_versions WHERE name = ? AND version = ?", values);
  await sql.run("DELETE FROM model_aliases WHERE name = ? AND version = ?", values);
  await deleteTags(sql, { entity: "model_version", owner: versionOwner(key.name, key.version) });
}

/** No model or prompt has this alias. */
export function noAlias(kind: "Model" | "Prompt", name: string, alias: string): RivuletError {
  return new RivuletError("not_found", `${kind} "${name}" has no alias "${alias}".`, {
    details: { name, alias },
  });
}

/** No model or prompt has this version. */
export function noVersion(kind: string, { name, version }: ModelVersionKey): RivuletError {
  return new RivuletError("not_found", `There is no version ${version} of ${kind} "${name}".`, {
    details: { name, version },
  });
}

/** The name is in use. */
export function taken(kind: string, name: string): RivuletError {
  return new RivuletError("already_exists", `${kind} "${name}" exists. Choose another name.`, {
    details: { name },
  });
}

function noModel(name: string): RivuletError {
  return new RivuletError("not_found", `No model is named "${name}".`, { details: { name } });
}

type ModelRow = Pick<RegisteredModel, "name" | "description" | "createdAt" | "updatedAt">;

async function insertModel(sql: SqlConnection, model: ModelRow): Promise<void> {
  await sql.run("INSERT INTO models VALUES (?, ?, 0, ?, ?) ON CONFLICT (name) DO NOTHING", [
    model.name,
    model.description,
    toMicros(model.createdAt),
    toMicros(model.updatedAt),
  ]);
}

async function insertVersion(sql: SqlConnection, version: NewModelVersion): Promise<number> {
  const { name, createdAt, updatedAt } = version;
  await insertModel(sql, { name, description: "", createdAt, updatedAt });
  await sql.run(
    "UPDATE models SET last_version = last_version + 1, updated_us = ? WHERE name = ?",
    [toMicros(updatedAt), name],
  );
  const [row = {}] = await sql.all("SELECT last_version FROM models WHERE name = ?", [name]);
  const next = number(row, "last_version");
  await sql.run("INSERT INTO model_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [
    name,
    next,
    version.description,
    orNull(version.runId),
    orNull(version.artifactPath),
    orNull(version.source),
    toMicros(createdAt),
    toMicros(updatedAt),
    JSON.stringify(version.metrics),
  ]);
  await patchTags(sql, { entity: "model_version", owner: versionOwner(name, next) }, version);
  for (const alias of version.setAliases ?? [])
    await pointAlias(sql, { name, version: next }, alias);
  return next;
}

async function pointAlias(
  sql: SqlConnection,
  { name, version }: ModelVersionKey,
  alias: string,
): Promise<void> {
  await sql.run(
    "INSERT INTO model_aliases VALUES (?, ?, ?) ON CONFLICT (name, alias) DO UPDATE SET version = excluded.version",
    [name, alias, version],
  );
}

async function deleteModel(sql: SqlConnection, name: string): Promise<void> {
  const deleted = await sql.run("DELETE FROM models WHERE name = ?", [name]);
  if (deleted === 0) throw noModel(name);
  const versions = await sql.all("SELECT version FROM model_versions WHERE name = ?", [name]);
  for (const row of versions) {
    await deleteTags(sql, {
      entity: "model_version",
      owner: versionOwner(name, number(row, "version")),
    });
  }
  await sql.run("DELETE FROM model_versions WHERE name = ?", [name]);
  await sql.run("DELETE FROM model_aliases WHERE name = ?", [name]);
  await deleteTags(sql, { entity: "model", owner: name });
}

async function loadAliases(sql: SqlConnection, names: readonly string[]): Promise<readonly Row[]> {
  if (names.length === 0) return [];
  return sql.all(
    `SELECT name, alias, version FROM model_aliases WHERE name IN (${placeholders(names)}) ORDER BY alias`,
    names,
  );
}

async function loadModels(sql: SqlConnection, rows: readonly Row[]): Promise<RegisteredModel[]> {
  const names = rows.map((row) => text(row, "name"));
  const tags = await loadTags(sql, "model", names);
  const aliases = await loadAliases(sql, names);
  const latest = await latestVersions(sql, names);
  return rows.map((row) => {
    const name = text(row, "name");
    const own = aliases.filter((alias) => alias["name"] === name);
    return present<RegisteredModel>({
      name,
      description: text(row, "description"),
      createdAt: toMillis(row["created_us"]),
      updatedAt: toMillis(row["updated_us"]),
      tags: tags.get(name) ?? {},
      aliases: Object.fromEntries(
        own.map((alias) => [text(alias, "alias"), number(alias, "version")]),
      ),
      latestVersion: latest.get(name),
    });
  });
}

async function latestVersions(
  sql: SqlConnection,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await sql.all(
    `SELECT name, MAX(version) AS version FROM model_versions WHERE name IN (${placeholders(names)}) GROUP BY name`,
    names,
  );
  return new Map(rows.map((row) => [text(row, "name"), number(row, "version")]));
}

async function loadVersions(sql: SqlConnection, rows: readonly Row[]): Promise<ModelVersion[]> {
  const owners = rows.map((row) => versionOwner(text(row, "name"), number(row, "version")));
  const tags = await loadTags(sql, "model_version", owners);
  const aliases = await loadAliases(sql, [...new Set(rows.map((row) => text(row, "name")))]);
  return rows.map((row) => {
    const name = text(row, "name");
    const version = number(row, "version");
    return present<ModelVersion>({
      name,
      version,
      description: text(row, "description"),
      runId: optionalText(row, "run_id"),
      artifactPath: optionalText(row, "artifact_path"),
      source: optionalText(row, "source"),
      createdAt: toMillis(row["created_us"]),
      updatedAt: toMillis(row["updated_us"]),
      tags: tags.get(versionOwner(name, version)) ?? {},
      aliases: aliases
        .filter((alias) => alias["name"] === name && alias["version"] === version)
        .map((alias) => text(alias, "alias")),
      metrics: parsed(row, "metrics"),
    });
  });
}
