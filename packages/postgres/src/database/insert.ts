import type { Insert, SqlValue } from "@rivulet/store/sql";
import type { ColumnTypes } from "./column-types.ts";

type Values = readonly SqlValue[];

/** One statement that writes many rows. */
export interface InsertStatement {
  readonly text: string;
  /** One list per column. */
  readonly values: readonly (readonly SqlValue[])[];
}

/** Characters of text in one statement, well below what a message and two threads can hold. */
const MOST_TEXT = 16_000_000;

/**
 * The statements that write the rows: one, unless they are very long. The rows go as one list per column, so
 * that the text is the same for any number of them and is prepared once.
 */
export function insertStatements(
  into: Insert,
  rows: readonly Values[],
  types: ColumnTypes,
): readonly InsertStatement[] {
  const text = insertText(into, types);
  return chunksOf(inLockOrder(into, rows)).map((chunk) => ({
    text,
    values: into.columns.map((_, column) => chunk.map((row) => row[column] ?? null)),
  }));
}

function insertText({ table, columns, conflict }: Insert, types: ColumnTypes): string {
  const lists = columns.map((column, index) => `$${index + 1}::${types.get(column) ?? "text"}[]`);
  return `INSERT INTO ${table} (${columns.join(", ")}) SELECT * FROM unnest(${lists.join(", ")})${
    conflict === undefined ? "" : ` ${conflictText(conflict)}`
  }`;
}

function conflictText({ key, update, where }: NonNullable<Insert["conflict"]>): string {
  const target = key.length === 0 ? "ON CONFLICT" : `ON CONFLICT (${key.join(", ")})`;
  if (update.length === 0) return `${target} DO NOTHING`;
  const set = update.map((column) => `${column} = excluded.${column}`).join(", ");
  return `${target} DO UPDATE SET ${set}${where === undefined ? "" : ` WHERE ${where}`}`;
}

/** Sorted, so that two transactions that write the same keys wait for each other instead of deadlocking. */
function inLockOrder({ columns, conflict }: Insert, rows: readonly Values[]): readonly Values[] {
  if (conflict === undefined || rows.length < 2) return rows;
  const key = conflict.key.length === 0 ? columns : conflict.key;
  const places = key.map((column) => columns.indexOf(column));
  return rows.toSorted((a, b) => {
    for (const place of places) {
      const [left = "", right = ""] = [a[place] ?? "", b[place] ?? ""];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  });
}

function chunksOf(rows: readonly Values[]): readonly (readonly Values[])[] {
  const chunks: Values[][] = [];
  let size = 0;
  for (const row of rows) {
    const added = row.reduce((sum: number, value) => sum + lengthOf(value), 0);
    if (chunks.length === 0 || size + added > MOST_TEXT) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(row);
    size += added;
  }
  return chunks;
}

function lengthOf(value: SqlValue): number {
  return typeof value === "string" || value instanceof Uint8Array ? value.length : 0;
}
