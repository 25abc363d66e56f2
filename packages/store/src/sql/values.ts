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

/** Milliseconds, exact to the microsecond, as the integer microseconds that are stored. */
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

/** How texts are sorted, in a database and out of it: by their bytes. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** `?, ?, ?` for as many values. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

/** A LIMIT that is bound. SQLite prepares a statement anew each time a value is bound to a bare `LIMIT ?`. */
export const LIMIT: string = "LIMIT CAST(? AS INTEGER)";

/** A column that may be NULL. */
export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
}

/** A column that may be NULL. */
export function optionalNumber(row: Row, column: string): number | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : Number(value);
}

const JSON_NUMBER = /^[ \t\n\r]*-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?[ \t\n\r]*$/;

/** The number that a text reads as, in JSON's notation; null when it is none, or beyond all that doubles hold. */
export function numberIn(value: string): number | null {
  const number = JSON_NUMBER.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}
