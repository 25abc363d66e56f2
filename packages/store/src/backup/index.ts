export { fillDatabase, type MigrationTarget } from "../migration/fill-database.ts";
export type { Migrated, Migration, MigrationSource } from "../migration/migration.ts";
export { pendingBytes } from "../migration/pending-records.ts";
export { type Backup, openBackup } from "./read-backup.ts";
export { type RestoreTarget, restoreInTransaction } from "./restore-backup.ts";
export { type BackupSource, writeBackup } from "./write-backup.ts";
