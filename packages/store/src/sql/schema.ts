import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";
import { DECLARED_TABLES } from "@rivulet/domain/entities";
import type { Sql } from "./database.ts";
import { INNER_TABLES } from "./inner-tables.ts";
import { declaredTable } from "./kit/declared-table.ts";
import { noteStoredParts } from "./spans/trace-parts.ts";
import type { Table } from "./table.ts";

/** What a database holds, by schema version. */
export interface Schema {
  /** Each says since which version it, its columns and its indexes are there. */
  readonly tables: readonly Table[];
  /**
   * Schema version → what is done besides making tables, columns and indexes, behind them. A step is never
   * edited once it is released; it must not rely on what later versions add.
   */
  readonly steps: Readonly<Record<number, (sql: Sql) => Promise<void>>>;
}

/** Every table of the store, but for the one that holds the schema's version. */
export const TABLES: readonly Table[] = [...DECLARED_TABLES.map(declaredTable), ...INNER_TABLES];

/** The schema of this release. */
export const SCHEMA: Schema = {
  tables: TABLES,
  steps: { 1: addDefaultExperiment, 2: readNumbersAndParts },
};

/** Its version. */
export const SCHEMA_VERSION: number = versionOf(SCHEMA);

/** The tables that a backup holds. */
export function keptTables({ tables }: Schema): readonly Table[] {
  return tables.filter(({ local }) => local !== true);
}

/** The newest version that a schema knows. */
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

async function readNumbersAndParts(sql: Sql): Promise<void> {
  // Its runs of one value stood the wrong way round; another has taken its place.
  await sql.run("DROP INDEX IF EXISTS latest_metrics_value");
  await sql.run(`UPDATE run_params SET number = ${sql.dialect.number("value")}`);
  await noteStoredParts(sql);
  await remakeTagIndex(sql);
}

/** Where a database cannot index long texts, the index had nothing of the values. */
async function remakeTagIndex(sql: Sql): Promise<void> {
  const tags = TABLES.find(({ name }) => name === "tags");
  const index = tags?.indexes?.find(({ name }) => name === "tags_value");
  if (tags === undefined || index === undefined) return;
  await sql.run(`DROP INDEX ${index.name}`);
  await sql.run(sql.dialect.createIndex(tags, index));
}
