import { RivuletError } from "@rivulet/domain";
import type { ModelAliasRemoval, ModelAliasWrite, ModelStore } from "../../port/models.ts";
import type { Database, Insert, Sql } from "../database.ts";
import { movedAlias, noAlias } from "../kit/entity-errors.ts";
import { number } from "../values.ts";
import { passGates } from "./model-gates.ts";
import { aliasBefore, type NewChange, noteChanges } from "./model-history.ts";
import { holdModel } from "./model-registry.ts";
import { modelVersionRows } from "./model-rows.ts";

/** Aliases of models in SQL. */
export function modelAliases(
  database: Database,
): Pick<ModelStore, "setAlias" | "deleteAlias" | "rollBack"> {
  return {
    setAlias: (write) => database.transaction((sql) => setAlias(sql, write)),
    deleteAlias: (key) => database.transaction((sql) => deleteAlias(sql, key)),
    rollBack: (key) => database.transaction((sql) => rollBack(sql, key)),
  };
}

/** Writes an alias. */
export const INSERT_ALIAS: Insert = {
  table: "model_aliases",
  columns: ["name", "alias", "version"],
  conflict: { key: ["name", "alias"], update: ["version"] },
};

async function setAlias(sql: Sql, write: ModelAliasWrite): Promise<void> {
  const { name, alias, version, updatedAt: at, expected, force, judged } = write;
  await holdModel(sql, { name, at, version });
  await modelVersionRows.get(sql, [name, version]);
  const current = await versionOf(sql, { name, alias });
  if (expected !== undefined && (current ?? null) !== expected) {
    throw movedAlias("model", name, alias);
  }
  if (current === version) return;
  const forced = await passGates(sql, { name, version, alias, at, force, judged });
  await sql.insert(INSERT_ALIAS, [[name, alias, version]]);
  await noteChanges(sql, write, [aliasChange({ name, alias, version, current, forced })]);
}

async function deleteAlias(sql: Sql, key: ModelAliasRemoval): Promise<void> {
  const { name, alias, updatedAt: at, expected } = key;
  await holdModel(sql, { name, at });
  const current = await versionOf(sql, { name, alias });
  if (current === undefined) throw noAlias("model", name, alias);
  if (expected !== undefined && current !== expected) throw movedAlias("model", name, alias);
  await sql.run("DELETE FROM model_aliases WHERE name = ? AND alias = ?", [name, alias]);
  await noteChanges(sql, key, [{ name, kind: "alias_deleted", alias, before: String(current) }]);
}

/** Versions that were deleted since are passed over, so many at most. */
const MOST_STEPS = 1_000;

async function rollBack(sql: Sql, key: Parameters<ModelStore["rollBack"]>[0]): Promise<number> {
  const { name, alias, updatedAt: at } = key;
  await holdModel(sql, { name, at });
  const current = await versionOf(sql, { name, alias });
  let past = await aliasBefore(sql, { name, alias, ...(current && { version: current }) });
  if (past === undefined && current === undefined) throw noAlias("model", name, alias);
  for (let steps = 0; past?.version !== undefined && steps < MOST_STEPS; steps += 1) {
    const { version } = past;
    if (version !== current && (await modelVersionRows.find(sql, [name, version])) !== undefined) {
      await sql.insert(INSERT_ALIAS, [[name, alias, version]]);
      const change = aliasChange({ name, alias, version, current });
      await noteChanges(sql, key, [{ ...change, kind: "alias_rolled_back" }]);
      return version;
    }
    past = await aliasBefore(sql, { name, alias, version });
  }
  throw new RivuletError(
    "conflict",
    `The history of alias "${alias}" of model "${name}" has no version before${current === undefined ? "" : ` version ${current}`} that is still there. Point the alias at a version with setAlias.`,
    { details: { name, alias } },
  );
}

interface Move {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
  /** Where it was before. */
  readonly current: number | undefined;
  readonly forced?: boolean;
}

/** The entry for an alias that points elsewhere now. */
export function aliasChange({ name, alias, version, current, forced }: Move): NewChange {
  return {
    name,
    kind: "alias_set",
    alias,
    version,
    ...(current === undefined ? {} : { before: String(current) }),
    after: String(version),
    forced,
  };
}

/** The version that an alias points at. */
export async function versionOf(
  sql: Sql,
  { name, alias }: { readonly name: string; readonly alias: string },
): Promise<number | undefined> {
  const [row] = await sql.all("SELECT version FROM model_aliases WHERE name = ? AND alias = ?", [
    name,
    alias,
  ]);
  return row && number(row, "version");
}
