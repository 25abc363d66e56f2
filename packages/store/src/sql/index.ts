export type { FilePart, FileUploads } from "../port/files.ts";
export { changeLog, changeWriter } from "./change-log.ts";
export type { Database, Insert, Row, Sql, SqlValue, Statement } from "./database.ts";
export type {
  Dialect,
  JsonDialect,
  JsonRows,
  JsonScalar,
  ReadTime,
  SearchTerm,
  WordIndex,
} from "./dialect.ts";
export type { FileStorage, HoldQuery } from "./file-storage.ts";
export { declaredTable } from "./kit/declared-table.ts";
export { entityRows } from "./kit/entity-rows.ts";
export { migrate, readVersion } from "./migrate.ts";
export { ownFiles } from "./own-files.ts";
export { SCHEMA, SCHEMA_VERSION, type Schema, tablesOf } from "./schema.ts";
export { hasOtherCases, inAllCases } from "./search/letter-cases.ts";
export { PATTERN_SIGNS } from "./search/like-pattern.ts";
export { type SqlBackendOptions, sqlBackend } from "./sql-backend.ts";
export { columnWords, type Index, indexStatement, type Table, tableStatements } from "./table.ts";
export { number, text } from "./values.ts";
