import type { TableFormat, WriteTable } from "./table.ts";

/** The writer of each format that is made of columns. The one of Parquet is loaded when it is asked for. */
export async function tableWriter(
  format: Extract<TableFormat, "csv" | "parquet">,
): Promise<WriteTable> {
  if (format === "csv") return (await import("./csv-table.ts")).csvTable;
  return (await import("./parquet-table.ts")).parquetTable;
}
