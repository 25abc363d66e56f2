export { fillDatabase, type MigrationTarget } from "./fill-database.ts";
export type { Migrated, Migration, MigrationSource } from "./migration.ts";
export { pendingBytes } from "./pending-records.ts";
