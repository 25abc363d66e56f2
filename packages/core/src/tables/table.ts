/** File formats of tables. `jsonl` is a JSON object per line. */
export type TableFormat = "csv" | "json" | "jsonl" | "parquet";

/** What the cells of a column hold: `time` is milliseconds since the epoch, `integer` a whole number. */
export type CellType = "text" | "number" | "integer" | "time";

/** One column of a table. */
export interface Column<Row> {
  /** Its heading. */
  readonly name: string;
  readonly type: CellType;
  /** The cell of a row; `undefined` is an empty one. */
  readonly value: (row: Row) => string | number | undefined;
}

/** A table that is read piece by piece. */
export interface Table<Row> {
  readonly columns: readonly Column<Row>[];
  /** Its rows, in order. */
  readonly pages: AsyncIterable<readonly Row[]>;
}

/** How a table becomes the bytes of a file, piece by piece. */
export type WriteTable = <Row>(table: Table<Row>) => AsyncIterable<Uint8Array>;

/** Text as the bytes of a file. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
