import type { RegisteredModel } from "@rivulet/domain";
import type { ModelRename, ModelStore } from "../../port/models.ts";
import type { Database, Sql } from "../database.ts";
import type { FileStorage } from "../file-storage.ts";
import { toMicros } from "../values.ts";
import { modelAliases } from "./model-aliases.ts";
import { noteChanges, readHistory, renameHistory } from "./model-history.ts";
import { modelRegistry } from "./model-registry.ts";
import { modelRows } from "./model-rows.ts";
import { modelVersions } from "./model-versions.ts";
import { removeAll } from "./versioned.ts";

/** Registered models in SQL. */
export function modelStore(database: Database, storage: FileStorage): ModelStore {
  return {
    ...models(database),
    ...modelVersions(database, storage),
    ...modelAliases(database),
    history: (query) => readHistory(database, query),
  };
}

function models(
  database: Database,
): Pick<ModelStore, "create" | "get" | "update" | "rename" | "setGates" | "delete" | "search"> {
  return {
    create: (model) =>
      database.transaction(async (sql) => {
        await modelRows.create(sql, { ...model, lastVersion: 0 });
        await noteChanges(sql, model, [{ name: model.name, kind: "model_created" }]);
      }),
    get: (name) => database.snapshot((sql) => modelRows.find(sql, [name])),
    update: (patch) => database.transaction((sql) => modelRows.patch(sql, [patch.name], patch)),
    rename: (change) => database.transaction((sql) => rename(sql, change)),
    setGates: (change) =>
      database.transaction(async (sql) => {
        const { name, gates, updatedAt } = change;
        await modelRows.hold(sql, [name]);
        const text = gates.length === 0 ? null : JSON.stringify(gates);
        await sql.run("UPDATE models SET gates = ?, updated_us = ? WHERE name = ?", [
          text,
          toMicros(updatedAt),
          name,
        ]);
        await noteChanges(sql, change, [{ name, kind: "gates_set", after: text ?? "[]" }]);
        return modelRows.get(sql, [name]);
      }),
    delete: (model) =>
      database.transaction(async (sql) => {
        const { name } = model;
        await removeAll(sql, modelRegistry, [name]);
        await sql.run("DELETE FROM model_version_files WHERE name = ?", [name]);
        await noteChanges(sql, model, [{ name, kind: "model_deleted" }]);
      }),
    search: (query) => modelRows.search(database, { query }),
  };
}

async function rename(sql: Sql, change: ModelRename): Promise<RegisteredModel> {
  const { name, newName, updatedAt } = change;
  const row = await modelRows.hold(sql, [name]);
  if (newName === name) return modelRows.get(sql, [name]);
  await modelRows.create(sql, { ...(modelRows.whole(row) as object), name: newName, updatedAt });
  // Tags refer to a model by its name, and to a version by name and number.
  await sql.run("UPDATE tags SET owner = ? WHERE entity = 'model' AND owner = ?", [newName, name]);
  const behind = [...name].length + 1;
  await sql.run(
    `UPDATE tags SET owner = ? || substr(owner, ?) WHERE entity = 'modelVersion'
     AND owner IN (SELECT id FROM model_versions WHERE name = ?)`,
    [newName, behind, name],
  );
  await sql.run("UPDATE model_versions SET name = ?, id = ? || substr(id, ?) WHERE name = ?", [
    newName,
    newName,
    behind,
    name,
  ]);
  for (const table of ["model_aliases", "model_version_files"]) {
    await sql.run(`UPDATE ${table} SET name = ? WHERE name = ?`, [newName, name]);
  }
  await renameHistory(sql, { name, newName });
  await sql.run("DELETE FROM models WHERE name = ?", [name]);
  await noteChanges(sql, change, [
    { name: newName, kind: "model_renamed", before: name, after: newName },
  ]);
  return modelRows.get(sql, [newName]);
}
