import type { BaseColumnType, ColumnType, StoredTable } from "@rivulet/domain/entities";
import { JsonText } from "../../json-text/json-text.ts";
import type { Insert, Row, Sql, SqlValue } from "../database.ts";
import { toInteger, toMicros, toMillis } from "../values.ts";
import { columnName, fieldsOf } from "./declared-table.ts";

/** Converts records of a declared table to rows and back. `T` is the part of a record that columns hold. */
export interface RecordRows<T> {
  /** Fails for a row whose key exists. */
  readonly insert: Insert;
  /** Keeps an existing row. */
  readonly keep: Insert;
  /** Replaces an existing row. */
  readonly upsert: Insert;
  /** Values of a record and the store's own columns, in the order of the columns. */
  values(record: object): readonly SqlValue[];
  /** A record as a row. */
  columns(record: object): Row;
  /** The fields of a record in a row; NULL is absent. */
  record(row: Row): T;
  /** The same, with the store's own columns. */
  whole(row: Row): T;
  /** Writes the fields of a patch; `undefined` ones are skipped. Returns how many rows changed. */
  update(sql: Sql, key: readonly SqlValue[], patch: object): Promise<number>;
}

interface Column {
  readonly field: string;
  readonly name: string;
  readonly type: ColumnType;
  readonly base: BaseColumnType;
}

/** The rows of a declaration. */
export function recordRows<T>(declared: StoredTable): RecordRows<T> {
  const { table, key } = declared;
  const all = Object.entries(fieldsOf(declared)).map(([field, type]): Column => {
    const base = type.replace("?", "") as BaseColumnType;
    return { field, name: columnName(field, type), type, base };
  });
  const own = all.filter(({ field }) => Object.hasOwn(declared.columns, field));
  const keys = key.flatMap((field) => all.filter((column) => column.field === field));
  const rest = all.filter((column) => !keys.includes(column));
  const columns = all.map(({ name }) => name);
  const keyNames = keys.map(({ name }) => name);
  const update = rest.map(({ name }) => name);
  return {
    insert: { table, columns },
    keep: { table, columns, conflict: { key: [], update: [] } },
    upsert: { table, columns, conflict: { key: keyNames, update } },
    values: (record) => all.map((column) => stored(column, fieldOf(record, column))),
    columns: (record) =>
      Object.fromEntries(
        all.map((column) => [column.name, stored(column, fieldOf(record, column))]),
      ),
    record: (row) => read(own, row) as T,
    whole: (row) => read(all, row) as T,
    async update(sql, keyValues, patch) {
      const set = rest.filter((column) => fieldOf(patch, column) !== undefined);
      if (set.length === 0) return 0;
      return sql.run(
        `UPDATE ${table} SET ${set.map(({ name }) => `${name} = ?`).join(", ")} WHERE ${keyNames
          .map((name) => `${name} = ?`)
          .join(" AND ")}`,
        [...set.map((column) => stored(column, fieldOf(patch, column))), ...keyValues],
      );
    },
  };
}

function fieldOf(record: object, { field }: Column): unknown {
  return (record as Readonly<Record<string, unknown>>)[field];
}

/** `undefined` is stored as NULL; null is a value in JSON columns. */
function stored({ base }: Column, value: unknown): SqlValue {
  if (value === undefined) return null;
  if (value instanceof JsonText) return value.json;
  if (base === "json") return JSON.stringify(value);
  if (value === null) return null;
  if (base === "time" || base === "duration") return toMicros(Number(value));
  if (base === "integer") return toInteger(Number(value));
  return value as SqlValue;
}

function read(columns: readonly Column[], row: Row): object {
  const record: Record<string, unknown> = {};
  for (const { name, field, base } of columns) {
    const value = row[name] ?? null;
    if (value !== null) record[field] = readers[base](value);
  }
  return record;
}

const readers: Readonly<Record<BaseColumnType, (value: NonNullable<SqlValue>) => unknown>> = {
  text: String,
  integer: Number,
  real: Number,
  time: toMillis,
  duration: toMillis,
  json: (value) => JSON.parse(String(value)),
};
