export { changeLog, changeWriter } from "./change-log.ts";
export type { Database, Insert, Row, Sql, SqlValue, Statement } from "./database.ts";
export type { Dialect, JsonDialect, JsonRows, JsonScalar } from "./dialect.ts";
export type { FileStorage, HoldQuery } from "./file-storage.ts";
export { migrate, readVersion } from "./migrate.ts";
export { SCHEMA, SCHEMA_VERSION, type Schema } from "./schema.ts";
export { type SqlBackendOptions, sqlBackend } from "./sql-backend.ts";
export { type Table, tableStatements } from "./table.ts";
