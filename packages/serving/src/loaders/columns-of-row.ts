import { RivuletError } from "@rivulet/core";
import type { Row } from "../model.ts";

/** The numbers of a row in the order of its columns; lists in it are flattened. */
export function valuesOf(row: Row, columns: readonly string[]): readonly unknown[] {
  if (Array.isArray(row)) return row.flat(Number.POSITIVE_INFINITY);
  if (typeof row !== "object" || row === null) return [row];
  const cells = row as Readonly<Record<string, unknown>>;
  const names = columns.length > 0 ? columns : Object.keys(cells);
  return names.flatMap((name) => [cells[name]].flat(Number.POSITIVE_INFINITY));
}

/** The cell of a row for one of several inputs. @throws RivuletError `invalid_argument` with the row */
export function cellOf(row: Row, name: string, at: number): readonly unknown[] {
  if (typeof row === "object" && row !== null && !Array.isArray(row) && Object.hasOwn(row, name)) {
    return [(row as Readonly<Record<string, unknown>>)[name]].flat(Number.POSITIVE_INFINITY);
  }
  throw new RivuletError("invalid_argument", `Row ${at}: the model's input "${name}" is missing.`);
}

/** Checks that every row has as many values. @throws RivuletError `invalid_argument` with the row */
export function requireWidth(rows: readonly (readonly unknown[])[], width: number): void {
  const at = rows.findIndex(({ length }) => length !== width);
  if (at < 0) return;
  throw new RivuletError(
    "invalid_argument",
    `Row ${at}: it has ${rows[at]?.length} values, but the model takes ${width}.`,
    { details: { row: at } },
  );
}

/** Greatest and least whole numbers of a type. */
const WHOLE: Readonly<Record<string, readonly [least: number, greatest: number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** Texts that JSON has no numbers for. */
const NAMED = new Set(["NaN", "Infinity", "-Infinity"]);

/**
 * Rows as numbers of a type. A value that is missing is NaN, as for MLflow, where the type has it.
 *
 * @throws RivuletError `invalid_argument` with the row for anything that would be another number
 */
export function numbersOf(
  rows: readonly (readonly unknown[])[],
  type: string,
): readonly (readonly number[])[] {
  const bounds = Object.hasOwn(WHOLE, type) ? WHOLE[type] : undefined;
  return rows.map((row, at) =>
    row.map((value) => {
      const number = numberOf(value);
      if (number !== undefined && fits(number, bounds)) return number;
      throw new RivuletError(
        "invalid_argument",
        `Row ${at}: ${JSON.stringify(value) ?? "a missing value"} is no ${type}.`,
        { details: { row: at } },
      );
    }),
  );
}

function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  return typeof value === "string" && NAMED.has(value) ? Number(value) : undefined;
}

function fits(value: number, bounds: readonly [number, number] | undefined): boolean {
  if (bounds === undefined) return true;
  return Number.isInteger(value) && value >= bounds[0] && value <= bounds[1];
}
