/** How rows are written to a file, page by page. */
export interface FileFormat<Row> {
  readonly type: string;
  readonly head: string;
  /** The rows of a page as text; `before` is how many were written already. */
  readonly page: (rows: readonly Row[], before: number) => string;
  readonly tail: string;
}

/** An array with a row on each line. */
export function jsonFormat<Row>(): FileFormat<Row> {
  return {
    type: "application/json",
    head: "[\n",
    page: (rows, before) =>
      `${before === 0 ? "" : ",\n"}${rows.map((row) => JSON.stringify(row)).join(",\n")}`,
    tail: "\n]\n",
  };
}
