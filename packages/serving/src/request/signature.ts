import { type ModelField, type ModelVersion, type Rivulet, RivuletError } from "@rivulet/core";
import type { ModelFiles, Row } from "../model.ts";

/** A column that a model takes, in MLflow's words. */
export interface SignatureColumn {
  /** Its name; absent when columns are known by their place. */
  readonly name?: string;
  /** Such as `double`, `long`, `string`, `boolean`; others are taken as they come. */
  readonly type: string;
  /** @default true */
  readonly required?: boolean;
}

/** The columns that a model takes. */
export interface ModelSignature {
  /** In the order that the model wants. */
  readonly inputs: readonly SignatureColumn[];
}

/** Tag of a version with its signature. */
const TAG = "mlflow.signature";
/** File of a model with its signature. */
const FILE = "signature.json";

/**
 * The signature of a version: its tag `mlflow.signature`, else its file `signature.json`, else that of its logged model;
 * `undefined` when it has none.
 *
 * @throws RivuletError `invalid_argument` for one that cannot be read
 */
export async function readSignature(
  { loggedModels }: Pick<Rivulet, "loggedModels">,
  version: ModelVersion,
  files: ModelFiles,
): Promise<ModelSignature | undefined> {
  const tag = version.tags[TAG];
  if (tag !== undefined) return parseSignature(tag, `The tag ${TAG}`);
  if (files.paths.includes(FILE)) {
    return parseSignature(new TextDecoder().decode(await files.read(FILE)), FILE);
  }
  if (version.modelId === undefined) return undefined;
  const logged = await loggedModels.find(version.modelId);
  return logged?.signature === undefined ? undefined : columnsOf(logged.signature.inputs);
}

/** Tensors are not looked into: the model says what it takes. */
function columnsOf(fields: readonly ModelField[]): ModelSignature | undefined {
  if (fields.length === 0 || fields.some(({ shape }) => shape !== undefined)) return undefined;
  return {
    inputs: fields.map(({ name, type, optional = false }) => ({ name, type, required: !optional })),
  };
}

function parseSignature(text: string, where: string): ModelSignature | undefined {
  try {
    const parsed = JSON.parse(text) as { readonly inputs?: unknown };
    // MLflow writes the list as a text in the object.
    const { inputs } = parsed;
    const list: unknown = typeof inputs === "string" ? JSON.parse(inputs) : inputs;
    if (list === undefined || list === null) return undefined;
    if (Array.isArray(list) && list.every(isColumn)) return signatureOf(list);
  } catch {
    // It is refused below.
  }
  throw new RivuletError(
    "invalid_argument",
    `${where} is no signature: expected {"inputs": [{"name": "age", "type": "long"}]}.`,
  );
}

function isColumn(value: unknown): value is SignatureColumn {
  return typeof value === "object" && value !== null && "type" in value;
}

/** A tensor without columns is not looked into: the model says what it takes. */
function signatureOf(columns: readonly SignatureColumn[]): ModelSignature | undefined {
  return columns.some(({ type }) => type === "tensor") ? undefined : { inputs: columns };
}

/** Checks rows and gives the columns that the model takes, in its order. @throws RivuletError `invalid_argument` with row and column */
export function fitRows(rows: readonly Row[], signature: ModelSignature): readonly Row[] {
  return rows.map((row, at) => fitRow(row, at, signature.inputs));
}

function fitRow(row: Row, at: number, columns: readonly SignatureColumn[]): Row {
  if (Array.isArray(row)) {
    if (row.length !== columns.length) {
      throw refused(at, `has ${row.length} values, but the model takes ${columns.length}`);
    }
    return row.map((value, place) => fitCell(value, at, named(columns[place], place)));
  }
  if (typeof row !== "object" || row === null) {
    if (columns.length === 1) return [fitCell(row, at, named(columns[0], 0))];
    throw refused(at, "is neither an object of columns nor a list of values");
  }
  const cells = row as Readonly<Record<string, unknown>>;
  const fitted = columns.map((column, place) => {
    const known = named(column, place);
    const value = Object.hasOwn(cells, known.name) ? cells[known.name] : undefined;
    return [known.name, fitCell(value, at, known)] as const;
  });
  return Object.fromEntries(fitted);
}

type NamedColumn = SignatureColumn & { readonly name: string };

function named(column: SignatureColumn | undefined, place: number): NamedColumn {
  return { type: "any", ...column, name: column?.name ?? String(place) };
}

const isNumber = (value: unknown): boolean => typeof value === "number";
const REALS = new Set(["double", "float"]);
const NAMED = new Set(["NaN", "Infinity", "-Infinity"]);
/** Type → whether it takes a value. */
const TAKES: Readonly<Record<string, (value: unknown) => boolean>> = {
  double: isNumber,
  float: isNumber,
  long: Number.isSafeInteger,
  integer: (value) =>
    Number.isInteger(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  binary: (value) => typeof value === "string",
  datetime: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

function fitCell(value: unknown, at: number, { name, type, required }: NamedColumn): unknown {
  if (value === undefined || value === null) {
    if (required === false) return null;
    throw refused(at, `lacks the column "${name}"`, name);
  }
  // JSON has no numbers for them.
  if (REALS.has(type) && NAMED.has(String(value))) return Number(value);
  const takes = Object.hasOwn(TAKES, type) ? TAKES[type] : undefined;
  if (takes === undefined || takes(value)) return value;
  throw refused(at, `has ${JSON.stringify(value)} in the column "${name}", which is ${type}`, name);
}

function refused(row: number, what: string, column?: string): RivuletError {
  const details = { row, ...(column === undefined ? {} : { column }) };
  return new RivuletError("invalid_argument", `Row ${row} ${what}.`, { details });
}

/** A cell of CSV, which has only texts. */
export function readCell(text: string, type: string | undefined): unknown {
  if (text === "" && type !== "string") return null;
  if (type === "string" || type === "datetime" || type === "binary") return text;
  if (/^(true|false)$/i.test(text) && (type === "boolean" || type === undefined)) {
    return text.toLowerCase() === "true";
  }
  const number = Number(text);
  return Number.isNaN(number) || text.trim() === "" ? text : number;
}
