export {
  BOOLEAN,
  checkOptions,
  FUNCTION,
  type KnownNames,
  MILLISECONDS,
  nameHint,
  OBJECT,
  type OptionCheck,
  type OptionChecks,
  TEXT,
} from "./check-options.ts";
export {
  type Renumbered,
  type RenumberOptions,
  renumberVersion,
} from "./drivers/json/renumber-version.ts";
export { type Driver, registerDriver } from "./drivers/registry.ts";
export { holdStoreAlone, type StoreLock } from "./drivers/sqlite/store-lock.ts";
export { hasWalResetBug, SAFE_NODE, SAFE_SQLITE } from "./drivers/sqlite/wal-reset.ts";
export { type ArtifactsReport, inspectArtifacts } from "./files/s3/inspect-s3.ts";
export { contentDigest } from "./json-text/content-digest.ts";
export { cutText } from "./json-text/cuts.ts";
export { createEncoder, type Encode, type EncoderOptions } from "./json-text/encode-value.ts";
export { JsonText, mergeObjects, NO_FIELDS } from "./json-text/json-text.ts";
export { recordId } from "./json-text/record-id.ts";
export {
  createMediaKeeper,
  type MediaFile,
  type MediaKeeper,
  type MediaOptions,
} from "./media/media-keeper.ts";
export { type MigrateOptions, migrateStore } from "./migrate-store.ts";
export type {
  MigrationProgress,
  MigrationReport,
  VerifiedTable,
} from "./migration/migration.ts";
export { openStore } from "./open-store.ts";
export type * from "./port/backup.ts";
export type * from "./port/files.ts";
export type * from "./port/open-store-options.ts";
export type * from "./port/records.ts";
export type * from "./port/store.ts";
export { SEARCHED_GROUPS } from "./port/store.ts";
export { type RestoreOptions, restoreBackup } from "./restore-store.ts";
export { maskSecretText } from "./secrets/secrets.ts";
export { STORE_OPTIONS } from "./store-options.ts";
