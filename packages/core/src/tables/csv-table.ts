import { csvOf } from "@rivulet/domain/csv";
import { bytesOf, type Column, type Table } from "./table.ts";

/**
 * One line of headings, and a line per row (RFC 4180). NaN and ±Infinity are spelt, times are ISO 8601; a text that a
 * spreadsheet would run as a formula gets a `'` in front.
 */
export async function* csvTable<Row>({ columns, pages }: Table<Row>): AsyncIterable<Uint8Array> {
  yield bytesOf(csvOf([columns.map(({ name }) => name)]));
  for await (const rows of pages) {
    yield bytesOf(csvOf(rows.map((row) => columns.map((column) => cellOf(row, column)))));
  }
}

function cellOf<Row>(row: Row, { type, value }: Column<Row>): string | number | undefined {
  const cell = value(row);
  return type === "time" && typeof cell === "number" ? new Date(cell).toISOString() : cell;
}
