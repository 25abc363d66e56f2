import type { BaseColumnType, ColumnType, StoredTable } from "@rivulet/domain/entities";
import { JsonText } from "../../json-text/json-text.ts";
import type { Insert, Row, Sql, SqlValue } from "../database.ts";
import { toInteger, toMicros, toMillis } from "../values.ts";
import { columnName, fieldsOf } from "./declared-table.ts";

/** Records of a declared table as rows, and rows as records. `T` is what its columns hold of a record. */
export interface RecordRows<T> {
  /** Fails for a row whose key is there. */
  readonly insert: Insert;
  /** Leaves a row that is there as it is. */
  readonly keep: Insert;
  /** Replaces a row that is there. */
  readonly upsert: Insert;
  /** A record, with what the store itself needs of it, in the order of the columns. */
  values(record: object): readonly SqlValue[];
  /** A record as the row it is stored as. */
  columns(record: object): Row;
  /** What the columns of a row hold of a record; what is NULL is absent. */
  record(row: Row): T;
  /** The same, with what the store itself needs. */
  whole(row: Row): T;
  /** Writes the fields that a patch has; undefined is no field. Returns how many rows changed. */
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

/** `undefined` is stored as NULL; null is a value where JSON is kept. */
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
