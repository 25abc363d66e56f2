import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";
import { DECLARED_TABLES } from "@rivulet/domain/entities";
import type { Sql } from "./database.ts";
import { pinStoredVersions } from "./entities/model-files.ts";
import { INNER_TABLES } from "./inner-tables.ts";
import { declaredTable } from "./kit/declared-table.ts";
import { noteAllStale } from "./rollups/stale-slices.ts";
import { noteStoredErrors } from "./spans/trace-errors.ts";
import { noteStoredParts } from "./spans/trace-parts.ts";
import { makeStoreId } from "./store-id.ts";
import type { Table } from "./table.ts";
import { moveRunsTo2 } from "./version-1.ts";
import { moveRunsTo4 } from "./version-3.ts";
import { makeWordIndex } from "./words/unindexed.ts";

/** The content of a database, by schema version. */
export interface Schema {
  /** The tables; each says which version added it, its columns and its indexes. */
  readonly tables: readonly Table[];
  /**
   * Schema version → what is done besides making tables, columns and indexes, behind them. A step is never
   * edited once it is released; it must not rely on what later versions add.
   */
  readonly steps: Readonly<Record<number, (sql: Sql) => Promise<void>>>;
}

const ALL_TABLES: readonly Table[] = [...DECLARED_TABLES.map(declaredTable), ...INNER_TABLES];

/** Every table of the store except the one with the schema version. */
export const TABLES: readonly Table[] = ALL_TABLES.filter(({ until }) => until === undefined);

/** The schema of this release. */
export const SCHEMA: Schema = {
  tables: ALL_TABLES,
  steps: { 1: addDefaultExperiment, 2: moveTo2, 3: moveTo3, 4: moveTo4 },
};

/** Version of {@link SCHEMA}. */
export const SCHEMA_VERSION: number = versionOf(SCHEMA);

/** The tables that a store of some version has. */
export function tablesOf(schema: Schema, version: number = versionOf(schema)): readonly Table[] {
  return schema.tables.filter(
    ({ since = 1, until = version }) => since <= version && version <= until,
  );
}

/** Those of them that a backup contains. */
export function keptTables(schema: Schema, version?: number): readonly Table[] {
  return tablesOf(schema, version).filter(({ local }) => local !== true);
}

/** The newest version of a schema. */
export function versionOf({ tables, steps }: Schema): number {
  const made = tables.flatMap(({ since = 1, added = {} }) => [since, ...Object.values(added)]);
  return Math.max(...made, ...Object.keys(steps).map(Number));
}

async function addDefaultExperiment(sql: Sql): Promise<void> {
  await sql.run(
    "INSERT INTO experiments (id, name, lifecycle_stage, created_us, updated_us) VALUES (?, 'Default', 'active', 0, 0)",
    [DEFAULT_EXPERIMENT_ID],
  );
}

async function moveTo2(sql: Sql): Promise<void> {
  await moveRunsTo2(sql);
  await makeStoreId(sql);
  await noteStoredParts(sql);
  await remakeTagIndex(sql);
  await makeWordIndex(sql);
}

async function moveTo3(sql: Sql): Promise<void> {
  await noteAllStale(sql);
  await noteStoredErrors(sql);
}

async function moveTo4(sql: Sql): Promise<void> {
  await pinStoredVersions(sql);
  await moveRunsTo4(sql);
}

/** Earlier, the index left out long values where the database cannot index them. */
async function remakeTagIndex(sql: Sql): Promise<void> {
  const tags = TABLES.find(({ name }) => name === "tags");
  const index = tags?.indexes?.find(({ name }) => name === "tags_value");
  if (tags === undefined || index === undefined) return;
  await sql.run(`DROP INDEX ${index.name}`);
  await sql.run(sql.dialect.createIndex(tags, index));
}
