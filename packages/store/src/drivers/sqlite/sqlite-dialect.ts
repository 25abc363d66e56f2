import type { Dialect, JsonDialect, JsonScalar } from "../../sql/dialect.ts";
import { hasOtherCases, inAllCases } from "../../sql/search/letter-cases.ts";
import { columnWords, indexStatement, tableStatements } from "../../sql/table.ts";
import { sqliteWords } from "./sqlite-words.ts";

const json: JsonDialect = {
  value: (expression) =>
    scalar({
      type: `json_type(${expression})`,
      value: `json_extract(${expression}, '$')`,
      json: expression,
    }),
  field: (expression, name) => `(${expression} -> '$.${name}')`,
  members: (expression, alias) => rows(expression, alias),
  list: (expression, from) => `(SELECT json_group_array(${expression}) ${from})`,
  gather: (expression) => `json_group_array(${expression})`,
  items: (expression, alias) => rows(expression, alias),
};

const TYPES = { text: "TEXT", integer: "INTEGER", real: "REAL", json: "TEXT", bytes: "BLOB" };

/** SQLite 3.43 and newer. Its LIKE ignores the case of ASCII letters, its GLOB none; with one writer at a time it needs no row locks. */
export const sqliteDialect: Dialect = {
  forUpdate: "",
  forShare: "",
  now: "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
  like: (expression, pattern) => ({ sql: `${expression} GLOB ?`, values: [globOf(pattern)] }),
  ilike: (expression, pattern) =>
    hasOtherCases(pattern)
      ? { sql: `${expression} GLOB ?`, values: [inAllCases(globOf(pattern))] }
      : { sql: `${expression} LIKE ? ESCAPE '~'`, values: [pattern] },
  longEquals: (expression, value) => ({ sql: `${expression} = ?`, values: [value] }),
  // Bound as a number, NaN would become NULL; a text sorts above every number.
  real: (value) => (Number.isNaN(value) ? "NaN" : value),
  placeOf: (expression, sign) => `instr(${expression}, '${sign}')`,
  number: numberIn,
  json,
  words: sqliteWords,
  rollsUp: true,
  readMs: { least: 2, most: 5 },
  ownTables: [],
  createTable: (table) =>
    tableStatements(table, {
      types: TYPES,
      suffix: ({ narrow = false }) => (narrow ? " WITHOUT ROWID" : ""),
    }),
  createIndex: (table, index) => indexStatement(table.name, index),
  addColumn: (table, name, type) =>
    `ALTER TABLE ${table.name} ADD COLUMN ${name} ${columnWords(type, TYPES)}`,
  usedBytes: `SELECT (page_count - freelist_count) * page_size AS bytes
    FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  bytesOf: (tables) => `SELECT COALESCE(SUM(d.pgsize), 0) AS bytes FROM sqlite_master m
    CROSS JOIN dbstat d ON d.name = m.name AND d.aggregate = TRUE
    WHERE m.tbl_name IN (${tables.map((name) => `'${name}'`).join(", ")})`,
  listTables:
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'",
  // A writing transaction is exclusive from its start.
  migrationLock: [],
};

function globOf(pattern: string): string {
  return pattern.replace(/~[~%_]|[*?[\]%_]/g, (sign) => {
    if (sign === "%") return "*";
    if (sign === "_") return "?";
    return sign.startsWith("~") ? sign.slice(1) : `[${sign}]`;
  });
}

function rows(expression: string, alias: string): ReturnType<JsonDialect["items"]> {
  return {
    from: `json_each(${expression}) ${alias}`,
    ...scalar({
      type: `${alias}.type`,
      value: `${alias}.value`,
      json: `(${expression} -> ${alias}.fullkey)`,
    }),
    property: (name) => json.value(json.field(`${alias}.value`, name)),
  };
}

interface Scalar {
  readonly type: string;
  readonly value: string;
  /** Its JSON text. */
  readonly json: string;
}

/**
 * SQLite reads true and false as 1 and 0, and writes `1e+21` as `1.0e+21`. A list or an object is a text that it knows
 * for JSON until something is put behind it; as JSON it would be put into another list.
 */
function scalar({ type, value, json: written }: Scalar): JsonScalar {
  return {
    text: `CASE WHEN ${type} IN ('true', 'false') THEN ${type}
      WHEN typeof(${value}) = 'real' THEN COALESCE(${written}, ${value}) || '' ELSE ${value} || '' END`,
    number: `CASE WHEN ${type} IN ('integer', 'real') THEN ${asDouble(value)} WHEN ${type} = 'text' THEN ${numberIn(value)} END`,
  };
}

/** The numeric value of a text, or NULL. */
function numberIn(text: string): string {
  return `CASE WHEN ${isNumber(text)} THEN ${asDouble(text)} END`;
}

/**
 * A whole number, too: JavaScript has no larger ones than a double. What is beyond all doubles, such as the short hash
 * of a commit `7e91234`, is no number: infinities could not be paged through.
 */
function asDouble(expression: string): string {
  return `NULLIF(NULLIF(CAST(${expression} AS REAL), 9e999), -9e999)`;
}

/** Whether a text is a number in JSON's notation. */
function isNumber(text: string): string {
  return `CASE WHEN json_valid(${text}) THEN json_type(${text}) IN ('integer', 'real') ELSE FALSE END`;
}
