import { type JsonValue, type Page, RivuletError } from "@rivulet/core";
import * as z from "zod";

/** A search result: about a quarter of the size of a list of objects, and as readable to a model. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly JsonValue[])[];
  readonly nextCursor?: string;
  /** `false` when the search ran out of time: it continues at `nextCursor`. */
  readonly complete?: false;
}

/** Schema of {@link Table}. */
export const tableSchema: z.ZodType<Table> = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.unknown())) as z.ZodType<JsonValue[][]>,
  nextCursor: z.string().exactOptional(),
  complete: z.literal(false).exactOptional(),
});

/** Column name → how to read it from an item; the first ones are shown by default. */
export interface Columns<T> {
  readonly read: Readonly<Record<string, (item: T) => JsonValue | undefined>>;
  readonly shown: readonly string[];
}

interface TableSource<T> {
  readonly page: Page<T>;
  readonly columns: Columns<T>;
  readonly fields: readonly string[] | undefined;
}

/**
 * Items as columns and rows.
 *
 * @throws RivuletError `invalid_argument` for a field that is no column, naming those that are.
 */
export function toTable<T>({ page, columns, fields }: TableSource<T>): Table {
  const names = fields ?? columns.shown;
  const readers = names.map((name) => readerOf(columns, name));
  return {
    columns: names,
    rows: page.items.map((item) => readers.map((read) => read(item) ?? null)),
    ...(page.nextPageToken === undefined ? {} : { nextCursor: page.nextPageToken }),
    ...(page.complete === undefined ? {} : { complete: page.complete }),
  };
}

function readerOf<T>(columns: Columns<T>, name: string): (item: T) => JsonValue | undefined {
  const read = Object.hasOwn(columns.read, name) ? columns.read[name] : undefined;
  if (read !== undefined) return read;
  const known = Object.keys(columns.read).join(", ");
  throw new RivuletError("invalid_argument", `There is no field "${name}". Fields: ${known}.`);
}
