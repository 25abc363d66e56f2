import { jsonText } from "@rivulet/domain";
import { bytesOf, type Table } from "./table.ts";

/** One object per line, as the HTTP API would answer it: NaN and ±Infinity are texts, times milliseconds. */
export async function* jsonLines(
  pages: AsyncIterable<readonly unknown[]>,
): AsyncIterable<Uint8Array> {
  for await (const rows of pages) {
    if (rows.length > 0) yield bytesOf(rows.map((row) => `${jsonText(row)}\n`).join(""));
  }
}

/** The same as one list. */
export async function* jsonList(
  pages: AsyncIterable<readonly unknown[]>,
): AsyncIterable<Uint8Array> {
  let isFirst = true;
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    yield bytesOf((isFirst ? "[\n" : ",\n") + rows.map(jsonText).join(",\n"));
    isFirst = false;
  }
  yield bytesOf(isFirst ? "[]\n" : "\n]\n");
}

/** The rows of a table as objects with its columns; empty cells are left out. */
export async function* objectsOf<Row>({
  columns,
  pages,
}: Table<Row>): AsyncIterable<readonly object[]> {
  for await (const rows of pages) {
    yield rows.map((row) =>
      Object.fromEntries(
        columns.flatMap(({ name, value }) => {
          const cell = value(row);
          return cell === undefined ? [] : [[name, cell]];
        }),
      ),
    );
  }
}
