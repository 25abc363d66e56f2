import { type Dialect, type Table, tableStatements } from "@rivulet/store/sql";
import type { PartitionPeriod } from "../options.ts";
import { postgresJson } from "./postgres-json.ts";

/** PostgreSQL 13 and newer, in words that Citus, CockroachDB and YugabyteDB know too. */
export function postgresDialect(_partitions?: PartitionPeriod): Dialect {
  return {
    forUpdate: "FOR UPDATE",
    forShare: "FOR SHARE",
    now: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
    // A pattern has no escape character.
    like: (expression, pattern) => ({
      sql: `${expression} LIKE ? ESCAPE ''`,
      values: [pattern],
    }),
    ilike: (expression, pattern) => ({
      sql: `${expression} ILIKE ? ESCAPE ''`,
      values: [pattern],
    }),
    json: postgresJson,
    createTable,
    listTables:
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'rivulet_lock'",
    migrationLock: [
      "CREATE TABLE IF NOT EXISTS rivulet_lock (id INTEGER PRIMARY KEY)",
      "INSERT INTO rivulet_lock VALUES (1) ON CONFLICT DO NOTHING",
      "SELECT id FROM rivulet_lock FOR UPDATE",
    ],
  };
}

function createTable(table: Table): readonly string[] {
  return tableStatements(table, {
    types: {
      text: 'TEXT COLLATE "C"',
      integer: "BIGINT",
      real: "DOUBLE PRECISION",
      json: 'TEXT COLLATE "C"',
      bytes: "BYTEA",
    },
    suffix: () => "",
  });
}
