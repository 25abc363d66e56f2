import type { Table } from "./table.ts";
import { registryTables } from "./tables/registry.ts";
import { tracingTables } from "./tables/tracing.ts";
import { trackingTables } from "./tables/tracking.ts";

/** How far each segment of the spool was taken. */
const spool: Table = {
  name: "spool",
  columns: { segment: "text", position: "integer" },
  key: ["segment"],
  narrow: true,
};

/** Every table of the store, but for the one that holds the schema's version. */
export const TABLES: readonly Table[] = [
  ...trackingTables,
  ...registryTables,
  ...tracingTables,
  spool,
];

/** The newest schema version. */
export const SCHEMA_VERSION = 1;
