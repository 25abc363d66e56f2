import type { DatabaseSync } from "node:sqlite";
import { atMost, type Figure, shown } from "../figure.ts";

const TRACE_TABLES = ["traces", "spans", "trace_prompts", "trace_span_types"];

/** What a span takes up in the file, indexes included. */
export function sizes(database: DatabaseSync): readonly Figure[] {
  const spans = countOf(database, "spans");
  // All tags that the benchmark writes are of traces.
  const traceTables = [...TRACE_TABLES, "tags"];
  const perSpan = fileBytes(database, traceTables) / spans;
  const rawPerSpan = rawBytes(database, ["traces", "spans", "tags"]) / spans;
  return [
    atMost(1.5, "store: bytes of a span in the file, against its values", {
      value: perSpan / rawPerSpan,
      unit: "x",
      detail: `${perSpan.toFixed(0)} B / ${rawPerSpan.toFixed(0)} B`,
    }),
    shown("store: bytes of the indexes of spans, for each span", {
      value: (perSpan * spans - ownBytes(database, traceTables)) / spans,
      unit: "B",
    }),
  ];
}

function countOf(database: DatabaseSync, table: string): number {
  return numberOf(database, `SELECT COUNT(*) AS n FROM ${table}`);
}

/** Pages of tables and their indexes. */
function fileBytes(database: DatabaseSync, tables: readonly string[]): number {
  return numberOf(
    database,
    `SELECT SUM(d.pgsize) AS n FROM dbstat d JOIN sqlite_master m ON m.name = d.name
     WHERE m.tbl_name IN (${quoted(tables)})`,
  );
}

/** Pages of tables alone. */
function ownBytes(database: DatabaseSync, tables: readonly string[]): number {
  return numberOf(
    database,
    `SELECT SUM(pgsize) AS n FROM dbstat WHERE name IN (${quoted(tables)})`,
  );
}

/** What the columns hold, as text. */
function rawBytes(database: DatabaseSync, tables: readonly string[]): number {
  return tables.reduce((sum, table) => {
    const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
    const lengths = columns.map(({ name }) => `SUM(IFNULL(LENGTH(CAST(${name} AS BLOB)), 0))`);
    return sum + numberOf(database, `SELECT ${lengths.join(" + ")} AS n FROM ${table}`);
  }, 0);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}

function numberOf(database: DatabaseSync, statement: string): number {
  return Number(database.prepare(statement).get()?.["n"]);
}
