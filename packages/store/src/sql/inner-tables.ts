import { RUN_TABLES } from "./run-tables.ts";
import { STORE_ID } from "./store-id.ts";
import type { Table } from "./table.ts";
import { TRACE_TABLES } from "./trace-tables.ts";
import { TABLES_OF_1 } from "./version-1.ts";

const tags: Table = {
  name: "tags",
  columns: { entity: "text", owner: "text", key: "text", value: "text" },
  key: ["entity", "owner", "key"],
  indexes: [{ name: "tags_value", columns: ["entity", "key", "value", "owner"], long: ["value"] }],
  narrow: true,
};

/** Engines that own something, with their last heartbeat. */
const owners: Table = {
  name: "owners",
  columns: { id: "text", seen_us: "integer" },
  key: ["id"],
  local: true,
  narrow: true,
};

const modelAliases: Table = {
  name: "model_aliases",
  columns: { name: "text", alias: "text", version: "integer" },
  key: ["name", "alias"],
  narrow: true,
};

const promptAliases: Table = {
  name: "prompt_aliases",
  columns: { name: "text", alias: "text", arms: "json" },
  key: ["name", "alias"],
  narrow: true,
};

/** The offset up to which each segment of the spool is done. */
const spool: Table = {
  name: "spool",
  columns: { segment: "text", position: "integer" },
  key: ["segment"],
  local: true,
  narrow: true,
};

/** Recent changes and who made them, kept for some minutes. */
const changes: Table = {
  name: "changes",
  columns: { at_us: "integer", id: "text", origin: "text", entity: "text", ids: "json" },
  key: ["at_us", "id"],
  local: true,
  narrow: true,
};

/**
 * How far a migration into this store has come: a row for each table, and one without a name for the whole. There are
 * none in a store that is not being migrated into.
 */
const migrations: Table = {
  name: "migrations",
  columns: { table_name: "text", source: "text", after: "json?", is_done: "integer" },
  key: ["table_name"],
  since: 4,
  local: true,
  narrow: true,
};

/** Tables for parts of records and for the store itself, including those of older versions. */
export const INNER_TABLES: readonly Table[] = [
  tags,
  ...TABLES_OF_1,
  ...RUN_TABLES,
  ...TRACE_TABLES,
  owners,
  modelAliases,
  promptAliases,
  spool,
  changes,
  migrations,
  STORE_ID,
];
