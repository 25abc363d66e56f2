import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import {
  type Dataset,
  type InputDataset,
  type JsonValue,
  messageOf,
  RivuletError,
} from "@rivulet/domain";
import { arraySchema, ColumnTypes } from "./column-types.ts";
import { createContentHash } from "./content-hash.ts";

/** How data is called, and where it comes from. */
export interface DataOrigin {
  /** Name of the data, up to 500 characters. */
  readonly name: string;
  /** Where it comes from, such as a URI. @default 'code': it was made in the program */
  readonly source?: string;
  /** Kind of that place, such as `http`. @default 'code', or 'local' for a file */
  readonly sourceType?: string;
}

/** Typed arrays by name, each a column. */
export type DataArrays = Readonly<Record<string, ArrayBufferView>>;

/**
 * Describes data for `run.logInput`: its digest is a SHA-256 of the content, its schema the columns with MLflow's types,
 * its profile the number of rows. The data itself is not kept.
 */
export interface DescribeData {
  /** Rows as objects. Their order counts. @throws RivuletError `invalid_argument` for what is no list of objects */
  fromRows(rows: Iterable<object>, origin: DataOrigin): InputDataset;
  /** Typed arrays, each a column, such as features and labels. @throws RivuletError `invalid_argument` */
  fromArrays(arrays: DataArrays, origin: DataOrigin): InputDataset;
  /** CSV whose first line names the columns. @throws RivuletError `invalid_argument` for text that is no CSV */
  fromCsv(text: string, origin: DataOrigin): Promise<InputDataset>;
  /**
   * A file, read as a stream: its digest is that of its bytes, its profile their number. The name is that of the file
   * unless another one is given.
   *
   * @throws RivuletError `invalid_argument` for a file that cannot be read
   */
  fromFile(path: string, origin?: Partial<DataOrigin>): Promise<InputDataset>;
  /** The version of a dataset of `rivulet.datasets`, such as `rivulet.datasets.get` gives it. */
  fromDataset(dataset: Dataset): InputDataset;
}

/** Describes data for `run.logInput`. */
export const inputDataset: DescribeData = Object.freeze<DescribeData>({
  fromRows: (rows, origin) => {
    const types = new ColumnTypes();
    const hash = createContentHash();
    for (const row of rows) {
      if (typeof row !== "object" || row === null || Array.isArray(row)) {
        throw notRead("its rows must be objects");
      }
      types.add(row);
      hash.add(row);
    }
    return described(origin, hash.digest(), { schema: types.schema(), profile: types.profile() });
  },
  fromArrays: (arrays, origin) => {
    const columns = Object.entries(arrays);
    const hash = createContentHash();
    for (const [name, values] of columns) {
      if (!ArrayBuffer.isView(values)) throw notRead(`"${name}" is no typed array`);
      hash.add(name);
      hash.add(values);
    }
    const elements = columns.map(([, values]) => lengthOf(values));
    const profile = {
      num_elements: elements.reduce((sum, length) => sum + length, 0),
      lengths: Object.fromEntries(columns.map(([name, values]) => [name, lengthOf(values)])),
    };
    return described(origin, hash.digest(), { schema: arraySchema(columns), profile });
  },
  fromCsv: async (text, origin) => {
    const { schema, profile } = await readCsv(text);
    const hash = createContentHash();
    hash.addBytes(Buffer.from(text));
    return described(origin, hash.digest(), { schema, profile });
  },
  fromFile: async (path, origin = {}) => {
    try {
      const { size } = await stat(path);
      const hash = createContentHash();
      for await (const chunk of createReadStream(path)) hash.addBytes(chunk as Buffer);
      const place = { name: basename(path), source: path, sourceType: "local", ...origin };
      return described(place, hash.digest(), { profile: { bytes: size } });
    } catch (cause) {
      throw notRead(messageOf(cause), cause);
    }
  },
  fromDataset: ({ name, version, recordCount }) => {
    const hash = createContentHash();
    hash.add([name, version]);
    const source = `datasets:/${name}/${version}`;
    return described({ name, source, sourceType: "rivulet" }, hash.digest(), {
      profile: { num_rows: recordCount, version },
    });
  },
});

interface Facts {
  readonly schema?: JsonValue;
  readonly profile: JsonValue;
}

function described(
  { name, source = "code", sourceType = "code" }: DataOrigin,
  digest: string,
  facts: Facts,
): InputDataset {
  return { name, digest, sourceType, source, ...facts };
}

function lengthOf(values: ArrayBufferView): number {
  return "length" in values ? Number(values.length) : values.byteLength;
}

async function readCsv(text: string): Promise<Required<Facts>> {
  // Loaded lazily: few programs have CSV.
  const { parse } = await import("csv-parse/sync");
  try {
    const rows = parse(text, {
      columns: true,
      skip_empty_lines: true,
      bom: true,
      cast: (value, { header }) => (header ? value : cellOf(value)),
    });
    const types = new ColumnTypes();
    for (const row of rows) types.add(row as object);
    return { schema: types.schema(), profile: types.profile() };
  } catch (cause) {
    throw notRead(`it is no CSV: ${messageOf(cause)}`, cause);
  }
}

function cellOf(text: string): string | number | boolean | null {
  const plain = text.trim();
  if (plain === "") return null;
  if (plain === "true" || plain === "false") return plain === "true";
  const number = Number(plain);
  return Number.isNaN(number) ? text : number;
}

function notRead(problem: string, cause?: unknown): RivuletError {
  return new RivuletError("invalid_argument", `The data cannot be described: ${problem}.`, {
    cause,
    details: { field: "data" },
  });
}
