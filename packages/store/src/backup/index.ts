export { type Backup, openBackup } from "./read-backup.ts";
export { type RestoreTarget, restoreInTransaction } from "./restore-backup.ts";
export { type BackupSource, writeBackup } from "./write-backup.ts";
