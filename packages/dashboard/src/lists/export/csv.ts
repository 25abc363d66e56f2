import type { Column } from "../../components/column.ts";
import { csvOf } from "../../files/csv.ts";
import type { FileFormat } from "./file-format.ts";

/** Fields that hold milliseconds since the epoch. */
const TIMES = /(?:Time|At)$/;

/** CSV with one line of headings: the columns that are shown, their values unrounded. */
export function csvFormat<Row extends object>(columns: readonly Column<Row>[]): FileFormat<Row> {
  return {
    type: "text/csv",
    head: csvOf([columns.map(({ label }) => label)]),
    page: (rows) => csvOf(rows.map((row) => columns.map((column) => cellOf(row, column)))),
    tail: "",
  };
}

function cellOf<Row extends object>(row: Row, { key, value }: Column<Row>): unknown {
  const found: unknown = value === undefined ? Reflect.get(row, key) : value(row);
  return typeof found === "number" && TIMES.test(key) ? new Date(found).toISOString() : found;
}
