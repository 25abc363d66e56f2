export { createEncoder, type Encode, type EncoderOptions } from "./json-text/encode-value.ts";
export { JsonText, NO_FIELDS } from "./json-text/json-text.ts";
export { mergeObjects } from "./json-text/merge-objects.ts";
export { type OpenStoreOptions, openStore } from "./open-store.ts";
export type * from "./port/backup.ts";
export type * from "./port/files.ts";
export type * from "./port/records.ts";
export type * from "./port/store.ts";
export { type RestoreOptions, restoreBackup } from "./restore-store.ts";
