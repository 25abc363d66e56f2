import { messageOf, RivuletError } from "@rivulet/core";
import { parse } from "csv-parse/sync";
import type { Row } from "../model.ts";
import { type ModelSignature, readCell } from "./signature.ts";

/** What is to be predicted. */
export interface ScoringInput {
  readonly rows: readonly Row[];
  /** What the request has beside the rows. */
  readonly params: Readonly<Record<string, unknown>>;
}

const FORMATS = ["dataframe_split", "dataframe_records", "instances", "inputs"] as const;

/**
 * Reads a request of MLflow's scoring protocol.
 *
 * @throws RivuletError `invalid_argument`; `unsupported` for another type of content
 */
export function parseBody(
  text: string,
  contentType: string,
  signature: ModelSignature | undefined,
): ScoringInput {
  const [type = ""] = contentType.split(";");
  switch (type.trim().toLowerCase()) {
    case "application/json":
      return fromJson(text);
    case "text/csv":
      return { rows: fromCsv(text, signature), params: {} };
    default:
      throw new RivuletError(
        "unsupported",
        `The content type "${type}" is not taken: send application/json or text/csv.`,
      );
  }
}

function refuse(message: string, cause?: unknown): RivuletError {
  return new RivuletError("invalid_argument", message, { cause });
}

function fromJson(text: string): ScoringInput {
  const body = parseJson(text);
  if (!isObject(body))
    throw refuse(`The body must be an object with one of ${FORMATS.join(", ")}.`);
  const given = FORMATS.filter((name) => Object.hasOwn(body, name));
  const [format] = given;
  if (format === undefined || given.length > 1) {
    throw refuse(`The body must have exactly one of ${FORMATS.join(", ")}.`);
  }
  const unknown = Object.keys(body).find((name) => name !== format && name !== "params");
  if (unknown !== undefined) throw refuse(`The body has the unknown field "${unknown}".`);
  const { params = {} } = body;
  if (!isObject(params)) throw refuse("params must be an object.");
  return { rows: READERS[format](body[format]), params };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse(`The body is not valid JSON: ${messageOf(cause)}`, cause);
  }
}

const READERS: Readonly<Record<(typeof FORMATS)[number], (value: unknown) => readonly Row[]>> = {
  dataframe_split(value) {
    const { columns, data } = isObject(value) ? value : {};
    if (!Array.isArray(data)) throw refuse("dataframe_split must be {columns, data}.");
    if (columns === undefined) return data;
    if (!Array.isArray(columns)) throw refuse("dataframe_split.columns must be a list of names.");
    requireOnce(columns);
    return data.map((row: unknown, at) => {
      if (!Array.isArray(row) || row.length !== columns.length) {
        throw refuse(
          `Row ${at} of dataframe_split.data must be a list of ${columns.length} values.`,
        );
      }
      return Object.fromEntries(columns.map((name, place) => [String(name), row[place]]));
    });
  },
  dataframe_records(value) {
    if (Array.isArray(value) && value.every(isObject)) return value;
    throw refuse("dataframe_records must be a list of objects.");
  },
  instances(value) {
    if (Array.isArray(value)) return value;
    throw refuse("instances must be a list with an item for each row.");
  },
  inputs(value) {
    if (Array.isArray(value)) return value;
    if (isObject(value)) return fromColumns(value);
    throw refuse("inputs must be a list of rows, or an object with a list for each input.");
  },
};

/** Of two columns of a name, one would be lost. */
function requireOnce<T extends readonly unknown[]>(columns: T): T {
  const twice = columns.find((name, place) => columns.indexOf(name) !== place);
  if (twice !== undefined) throw refuse(`The column "${String(twice)}" is there twice.`);
  return columns;
}

/** A list for each input, with an item for each row. */
function fromColumns(columns: Readonly<Record<string, unknown>>): readonly Row[] {
  const entries = Object.entries(columns);
  const [first] = entries;
  if (first === undefined) return [];
  const length = Array.isArray(first[1]) ? first[1].length : -1;
  for (const [name, values] of entries) {
    if (Array.isArray(values) && values.length === length) continue;
    throw refuse(
      `inputs.${name} must be a list of ${Math.max(length, 0)} items, one for each row.`,
    );
  }
  return Array.from({ length }, (_, at) =>
    Object.fromEntries(entries.map(([name, values]) => [name, (values as unknown[])[at]])),
  );
}

function fromCsv(text: string, signature: ModelSignature | undefined): readonly Row[] {
  const types = new Map(signature?.inputs.map(({ name, type }) => [name, type]));
  try {
    const records: readonly Readonly<Record<string, string>>[] = parse(text, {
      bom: true,
      columns: requireOnce,
      skip_empty_lines: true,
    });
    return records.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([name, cell]) => [name, readCell(cell, types.get(name))]),
      ),
    );
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw refuse(`The body is not valid CSV: ${messageOf(cause)}`, cause);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
