import type { JsonValue } from "@rivulet/domain";

/** A column as MLflow describes it in the schema of a dataset. */
interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** No value is missing. */
  readonly required: boolean;
}

/** MLflow's names for the types of columns; `object` is a column of several. */
type ColumnType =
  | "long"
  | "integer"
  | "float"
  | "double"
  | "string"
  | "boolean"
  | "datetime"
  | "binary"
  | "array"
  | "object";

interface Seen {
  type: ColumnType | undefined;
  values: number;
}

/** Learns the columns of rows, one row after the other. */
export class ColumnTypes {
  readonly #columns = new Map<string, Seen>();
  #rows = 0;

  /** Takes in a row. `null`, `undefined` and absent values are missing. */
  add(row: object): void {
    this.#rows += 1;
    for (const [name, value] of Object.entries(row)) {
      const seen = this.#columns.get(name) ?? { type: undefined, values: 0 };
      this.#columns.set(name, seen);
      const type = typeOf(value);
      if (type === undefined) continue;
      seen.values += 1;
      seen.type = seen.type === undefined ? type : common(seen.type, type);
    }
  }

  /** The schema, in MLflow's form. */
  schema(): JsonValue {
    return columnSchema(
      [...this.#columns].map(([name, { type = "object", values }]) => ({
        name,
        type,
        required: values === this.#rows,
      })),
    );
  }

  /** The number of rows and of values. */
  profile(): { readonly num_rows: number; readonly num_elements: number } {
    return { num_rows: this.#rows, num_elements: this.#rows * this.#columns.size };
  }
}

/** Columns in MLflow's form. */
function columnSchema(columns: readonly ColumnSpec[]): JsonValue {
  return { mlflow_colspec: columns.map((column) => ({ ...column })) };
}

/** The schema of typed arrays, each a column. */
export function arraySchema(columns: readonly (readonly [string, ArrayBufferView])[]): JsonValue {
  return columnSchema(
    columns.map(([name, values]) => ({ name, type: elementType(values), required: true })),
  );
}

function typeOf(value: unknown): ColumnType | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number") return Number.isSafeInteger(value) ? "long" : "double";
  if (typeof value === "bigint") return "long";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (value instanceof Date) return "datetime";
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return "binary";
  return Array.isArray(value) ? "array" : "object";
}

function common(one: ColumnType, other: ColumnType): ColumnType {
  if (one === other) return one;
  const areNumbers = isNumber(one) && isNumber(other);
  return areNumbers ? "double" : "object";
}

function isNumber(type: ColumnType): boolean {
  return type === "long" || type === "double";
}

function elementType(values: ArrayBufferView): ColumnType {
  if (values instanceof Float64Array) return "double";
  if (values instanceof Float32Array) return "float";
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return "long";
  // Those do not fit into 32 bits with a sign.
  if (values instanceof Uint32Array) return "long";
  return values instanceof DataView ? "binary" : "integer";
}
