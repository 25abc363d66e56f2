// For the tests of this package: from sources only, not published.
export { foldingLongLog } from "./checkpoint.ts";
export { openSqlite } from "./sqlite-database.ts";
export { type BackendFile, type TrackedFile, trackFile } from "./track-file.ts";
