import type { Table } from "./table.ts";
import { registryTables } from "./tables/registry.ts";
import { tracingTables } from "./tables/tracing.ts";
import { trackingTables } from "./tables/tracking.ts";

/** How far each segment of the spool was taken. */
const spool: Table = {
  name: "spool",
  columns: { segment: "text", position: "integer" },
  key: ["segment"],
  local: true,
  narrow: true,
};

/** What was changed by whom, for some minutes. */
const changes: Table = {
  name: "changes",
  columns: { at_us: "integer", id: "text", origin: "text", entity: "text", ids: "json" },
  key: ["at_us", "id"],
  local: true,
};

/** Every table of the store, but for the one that holds the schema's version. */
export const TABLES: readonly Table[] = [
  ...trackingTables,
  ...registryTables,
  ...tracingTables,
  spool,
  changes,
];

/** What a backup holds. */
export const KEPT_TABLES: readonly Table[] = TABLES.filter(({ local }) => local !== true);

/** The newest schema version. */
export const SCHEMA_VERSION = 1;
