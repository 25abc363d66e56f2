import {
  columnWords,
  type Dialect,
  hasOtherCases,
  type Index,
  inAllCases,
  indexStatement,
  PATTERN_SIGNS,
  type Table,
  tableStatements,
} from "@rivulet/store/sql";
import type { PartitionPeriod } from "../options.ts";
import { FILE_TABLES } from "./file-tables.ts";
import { restPartition } from "./partitions.ts";
import { numberIn, postgresJson } from "./postgres-json.ts";
import { postgresWords } from "./postgres-words.ts";

/** A dialect, and how its tables differ from the shared ones. */
export interface PostgresDialect extends Dialect {
  /** Table → columns that its keys have in addition to those of the shared table. */
  readonly keyAdditions: Readonly<Record<string, readonly string[]>>;
}

/** Period of the partitions of spans. */
const CUT_BY = "start_us";

/**
 * PostgreSQL 13 and newer, in words that Citus, CockroachDB and YugabyteDB know too.
 *
 * @param period how spans are cut into partitions; left out: they are not
 */
export function postgresDialect(period?: PartitionPeriod): PostgresDialect {
  return {
    keyAdditions: period === undefined ? {} : { spans: [CUT_BY] },
    forUpdate: "FOR UPDATE",
    forShare: "FOR SHARE",
    now: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
    like: (expression, pattern) => ({ sql: `${expression} LIKE ? ESCAPE '~'`, values: [pattern] }),
    ilike: (expression, pattern) =>
      hasOtherCases(pattern)
        ? { sql: `${expression} ~ ?`, values: [caselessExpression(pattern)] }
        : { sql: `${expression} ILIKE ? ESCAPE '~'`, values: [pattern] },
    longEquals: (expression, value) => ({
      sql: `${expression} = ? AND ${beginningOf(expression)} = ${beginningOf("CAST(? AS TEXT)")}`,
      values: [value, value],
    }),
    real: (value) => value,
    placeOf: (expression, sign) => `strpos(${expression}, '${sign}')`,
    number: numberIn,
    json: postgresJson,
    words: postgresWords,
    rollsUp: true,
    readMs: { least: 20, most: 100 },
    ownTables: FILE_TABLES,
    createTable: (table) =>
      period !== undefined && table.name === "spans"
        ? createPartitioned(table, period)
        : statementsOf(table),
    createIndex: (table, index) => indexStatement(table.name, indexable(index)),
    addColumn: (table, name, type) =>
      `ALTER TABLE ${table.name} ADD COLUMN ${name} ${columnWords(type, TYPES)}`,
    usedBytes: USED_BYTES,
    // Partitions count as their table.
    bytesOf: (tables) => `${USED_BYTES} AND COALESCE(
      (SELECT p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = relid),
      relname) IN (${tables.map((name) => `'${name}'`).join(", ")})`,
    // Includes tables that this user may not read; information_schema omits them.
    listTables: `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname <> 'rivulet_lock'`,
    migrationLock: [
      "CREATE TABLE IF NOT EXISTS rivulet_lock (id INTEGER PRIMARY KEY)",
      "INSERT INTO rivulet_lock VALUES (1) ON CONFLICT DO NOTHING",
      "SELECT id FROM rivulet_lock FOR UPDATE",
    ],
  };
}

/** Space of deleted rows is reused, but seldom returned. */
const USED_BYTES = `SELECT COALESCE(SUM(pg_total_relation_size(relid) * ((n_live_tup + 1.0) / (n_live_tup + n_dead_tup + 1))), 0) AS bytes
  FROM pg_stat_user_tables WHERE schemaname = current_schema()`;

const TYPES = {
  text: 'TEXT COLLATE "C"',
  integer: "BIGINT",
  real: "DOUBLE PRECISION",
  json: 'TEXT COLLATE "C"',
  bytes: "BYTEA",
};

function statementsOf(table: Table, suffix = ""): readonly string[] {
  const indexes = (table.indexes ?? []).map(indexable);
  return tableStatements({ ...table, indexes }, { types: TYPES, suffix: () => suffix });
}

/** An index entry can have some 2,700 bytes at most: a row with a longer one would be refused. */
function indexable({ long = [], ...index }: Index): Index {
  const columns = index.columns.map((column) =>
    long.includes(column) ? beginningOf(column) : column,
  );
  return { ...index, columns };
}

/** Fits beside two names of 250 characters of up to four bytes each. */
function beginningOf(expression: string): string {
  return `substr(${expression}, 1, 100)`;
}

/** The key of a partitioned table must contain the partition column. */
function createPartitioned(table: Table, period: PartitionPeriod): readonly string[] {
  const [create = "", ...indexes] = statementsOf(
    { ...table, key: [...table.key, CUT_BY] },
    ` PARTITION BY RANGE (${CUT_BY})`,
  );
  const rest = `CREATE TABLE ${restPartition(period)} PARTITION OF ${table.name} DEFAULT`;
  return [create, rest, ...indexes];
}

/** The regular expression of a pattern, in which `.` is any sign. */
function caselessExpression(pattern: string): string {
  const parts = pattern.split(PATTERN_SIGNS).map((part, place) => {
    if (part === "%") return ".*";
    if (part === "_") return ".";
    const plain = place % 2 === 0 ? part : part.slice(1);
    return inAllCases(plain.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&"));
  });
  return `(?s)^${parts.join("")}$`;
}
