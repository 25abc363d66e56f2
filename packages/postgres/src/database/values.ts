import type { SqlValue } from "@rivulet/store/sql";
import { types } from "pg";
import { decodeText, encodeText } from "../dialect/text-encoding.ts";

/** The value as it is passed to `pg`. */
export function bindValue(value: SqlValue): unknown {
  return typeof value === "string" ? encodeText(value) : value;
}

type Parser = (text: string) => SqlValue;

/** Object ids of types; PostgreSQL never changes them. */
const PARSERS: Readonly<Record<number, Parser>> = {
  16: (text) => (text === "t" ? 1 : 0), // boolean
  17: parseBytes, // bytea
  20: Number, // bigint: ours are within what a number holds
  21: Number, // smallint
  23: Number, // integer
  26: Number, // oid
  700: Number, // real
  701: Number, // double precision; NaN and Infinity are written as JavaScript does
  1700: Number, // numeric: sums and averages
};

/** Parsers for `pg`: a column is a text, a number, bytes or null, as in `SqlValue`. */
export const columnTypes: { getTypeParser: (id: number) => Parser } = {
  getTypeParser: (id) => PARSERS[id] ?? decodeText,
};

function parseBytes(text: string): Uint8Array {
  const bytes: Uint8Array = types.getTypeParser(types.builtins.BYTEA)(text);
  return bytes;
}
