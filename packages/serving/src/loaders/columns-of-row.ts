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
