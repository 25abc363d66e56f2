import type { Row, SqlValue } from "./database.ts";

/**
 * The nearest integer that is exact. Beyond are no counts and no times, but mistakes such as microseconds that were
 * given for milliseconds; SQLite would keep such an integer, and not give it back, nor any row that is read with it.
 */
export function toInteger(value: number): number {
  return Math.round(within(Number.MAX_SAFE_INTEGER, value));
}

/** In milliseconds, in the year 2255. A whole number, so that it is the same when it is read and written again. */
const LAST_TIME = Math.trunc(Number.MAX_SAFE_INTEGER / 1000);

/** Converts milliseconds, accurate to the microsecond, to the stored integer. */
export function toMicros(milliseconds: number): number {
  return Math.round(within(LAST_TIME, milliseconds) * 1000);
}

function within(limit: number, value: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

/** Stored microseconds as milliseconds. */
export function toMillis(micros: SqlValue | undefined): number {
  return Number(micros) / 1000;
}

/** Stored text. */
export function text(row: Row, column: string): string {
  return String(row[column] ?? "");
}

/** Stored number. */
export function number(row: Row, column: string): number {
  return Number(row[column] ?? 0);
}

/** A stored JSON text, parsed. */
export function parsed<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) as T;
}

/** Sort order of text, inside and outside of a database: by its bytes. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** `?, ?, ?` for this many values. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

/** A LIMIT with a bound value. SQLite prepares a bare `LIMIT ?` anew each time a value is bound. */
export const LIMIT: string = "LIMIT CAST(? AS INTEGER)";

/** Text of a nullable column. */
export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
}

/** Number of a nullable column. */
export function optionalNumber(row: Row, column: string): number | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : Number(value);
}

const JSON_NUMBER = /^[ \t\n\r]*-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?[ \t\n\r]*$/;

/** The numeric value of a text in JSON's notation; null if it is not a number or beyond the range of doubles. */
export function numberIn(value: string): number | null {
  const number = JSON_NUMBER.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}
