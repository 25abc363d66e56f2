import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { CellType, Column, Table } from "./table.ts";

/** Cells that are kept until they become one group of rows. */
const GROUP_CELLS = 500_000;
const MOST_GROUP_ROWS = 20_000;

type Kind = Pick<SchemaElement, "type" | "converted_type">;

const KINDS: Readonly<Record<CellType, Kind>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  integer: { type: "INT64" },
  time: { type: "INT64", converted_type: "TIMESTAMP_MICROS" },
};

/**
 * Apache Parquet, compressed with Snappy: texts are UTF-8, numbers doubles in which NaN and ±Infinity stay what they are,
 * times timestamps in microseconds. An empty cell is null.
 */
export async function* parquetTable<Row>({
  columns,
  pages,
}: Table<Row>): AsyncIterable<Uint8Array> {
  const writer = new PieceWriter();
  const file = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: "rivulet" });
  const most = Math.max(1, Math.min(MOST_GROUP_ROWS, Math.floor(GROUP_CELLS / columns.length)));
  let group: Row[] = [];
  for await (const rows of pages) {
    for (const row of rows) {
      group.push(row);
      if (group.length < most) continue;
      await file.write(groupOf(columns, group));
      group = [];
      yield writer.take();
    }
  }
  if (group.length > 0) await file.write(groupOf(columns, group));
  await file.finish();
  yield writer.take();
}

/** A file in memory whose bytes are taken away as they come. */
class PieceWriter extends ByteWriter {
  take(): Uint8Array {
    const piece = this.getBytes().slice();
    this.index = 0;
    return piece;
  }
}

function schemaOf<Row>(columns: readonly Column<Row>[]): SchemaElement[] {
  return [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, type }) => ({
      name,
      ...KINDS[type],
      repetition_type: "OPTIONAL" as const,
    })),
  ];
}

function groupOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Parameters<ParquetWriter["write"]>[0] {
  const columnData = columns.map(({ name, type, value }) => ({
    name,
    data: rows.map((row) => stored(type, value(row))),
  }));
  return { columnData, rowGroupSize: rows.length };
}

function stored(
  type: CellType,
  cell: string | number | undefined,
): string | number | bigint | undefined {
  if (typeof cell !== "number" || type === "number") return cell;
  return BigInt(Math.round(type === "time" ? cell * 1000 : cell));
}
