import type { Row, SqlValue } from "../sql/database.ts";
import type { Dialect } from "../sql/dialect.ts";
import type { BaseType, ColumnType, Table } from "../sql/table.ts";

type Cell = string | number | undefined;

/** A row as a line of JSON, without NULL values. */
export function rowText(table: Table, row: Row): string {
  const cells = Object.entries(table.columns).map(([column, type]): [string, Cell] => {
    return [column, encodeCell(type, row[column] ?? null)];
  });
  return JSON.stringify(Object.fromEntries(cells));
}

/** Parses a line written by {@link rowText}, in the order of the table's columns. @throws Error if it is invalid */
export function parseRow(table: Table, text: string): readonly SqlValue[] {
  const row: unknown = JSON.parse(text);
  if (typeof row !== "object" || row === null || Array.isArray(row))
    throw new Error("it is no row");
  const unknown = Object.keys(row).find((column) => !Object.hasOwn(table.columns, column));
  if (unknown !== undefined) throw new Error(`it has an unknown column "${unknown}"`);
  return Object.entries(table.columns).map(([column, type]) => {
    const decoded = decodeCell(type, (row as Readonly<Record<string, unknown>>)[column]);
    if (decoded === undefined) throw new Error(`its "${column}" is no ${type}`);
    return decoded;
  });
}

/** A row as the database takes it: some have a form of their own for numbers such as NaN. */
export function boundRow(
  { real }: Pick<Dialect, "real">,
  table: Table,
  row: readonly SqlValue[],
): readonly SqlValue[] {
  const types = Object.values(table.columns);
  return row.map((value, place) => {
    const isReal = typeof value === "number" && types[place]?.startsWith("real") === true;
    return isReal ? real(value) : value;
  });
}

/** JSON form of a column's value; `undefined` for NULL. */
export function encodeCell(type: ColumnType, value: SqlValue): Cell {
  return cellEncoder(type)(value);
}

/** The same for many values of a column. */
export function cellEncoder(type: ColumnType): (value: SqlValue) => Cell {
  const encode = ENCODERS[baseOf(type)];
  return (value) => (value === null ? undefined : encode(value));
}

/** Decodes {@link encodeCell}; `undefined` when the column cannot hold the value. */
export function decodeCell(type: ColumnType, value: unknown): SqlValue | undefined {
  if (value === undefined || value === null) return type.endsWith("?") ? null : undefined;
  return DECODERS[baseOf(type)](value);
}

function baseOf(type: ColumnType): BaseType {
  return type.replace("?", "") as BaseType;
}

/** Numbers that JSON cannot represent. */
const ODD_NUMBERS: readonly string[] = ["NaN", "Infinity", "-Infinity", "-0"];

const ENCODERS: Readonly<Record<BaseType, (value: NonNullable<SqlValue>) => Cell>> = {
  text: String,
  json: String,
  integer: Number,
  real(value) {
    const number = Number(value);
    if (Object.is(number, -0)) return "-0";
    return Number.isFinite(number) ? number : String(number);
  },
  bytes: (value) => Buffer.from(value as Uint8Array).toString("base64"),
};

/** `undefined` for an invalid value. */
const DECODERS: Readonly<Record<BaseType, (value: unknown) => SqlValue | undefined>> = {
  text: (value) => (typeof value === "string" ? value : undefined),
  json: (value) => (typeof value === "string" ? value : undefined),
  integer: (value) => (Number.isSafeInteger(value) ? Number(value) : undefined),
  real(value) {
    if (typeof value === "number") return value;
    return ODD_NUMBERS.includes(String(value)) ? Number(value) : undefined;
  },
  bytes: (value) => (typeof value === "string" ? Buffer.from(value, "base64") : undefined),
};
