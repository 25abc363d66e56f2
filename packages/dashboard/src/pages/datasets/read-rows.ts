import type { JsonObject, JsonValue } from "@rivulet/core";
import { readCsv, type Separator } from "../../files/csv.ts";
import type { NewRecord } from "../../questions/datasets.ts";

/** Names under which files have what a row should give. */
const EXPECTATIONS = ["expectations", "expected"] as const;

/**
 * Rows of a file: a JSON list, JSON lines, or CSV with a head line. An object with `inputs` is a row as it stands; of
 * any other, `expectations` or `expected` is what it should give, and all the rest its inputs.
 *
 * @throws Error that says in which row what is wrong
 */
export function readRows(text: string, fileName: string): readonly NewRecord[] {
  const values = /\.(?:csv|tsv)$/i.test(fileName)
    ? parseCsv(text, /\.tsv$/i.test(fileName) ? "\t" : ",")
    : readJson(text);
  return values.map((value, index) => toRecord(value, index + 1));
}

/** Lines by the names in the first one. */
function parseCsv(text: string, separator: Separator): readonly Record<string, string>[] {
  const [head = [], ...lines] = readCsv(text, separator);
  return lines.map((line) =>
    Object.fromEntries(head.map((name, index) => [name, line[index] ?? ""])),
  );
}

function readJson(text: string): readonly JsonValue[] {
  const trimmed = text.trim();
  if (trimmed.startsWith("[")) return JSON.parse(trimmed) as JsonValue[];
  return trimmed
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as JsonValue);
}

function toRecord(value: JsonValue, row: number): NewRecord {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`Row ${row} is no object.`);
  }
  const fields = value as JsonObject;
  const expected = EXPECTATIONS.find((name) => Object.hasOwn(fields, name));
  const expectations = expected === undefined ? undefined : fields[expected];
  const { inputs, metadata, ...rest } = fields;
  const others = Object.entries(rest).filter(([key]) => key !== expected);
  return {
    inputs: inputs ?? (Object.fromEntries(others) as JsonObject),
    ...(expectations !== undefined && expectations !== "" && { expectations }),
    ...(isObject(metadata) && { metadata }),
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What somebody typed as a value: JSON where it is JSON, else a text. @throws Error for what only begins like JSON */
export function readValue(text: string, what: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (!/^\s*[[{"]/.test(text)) return text;
    throw new Error(`${what}: ${error instanceof Error ? error.message : error}`);
  }
}

/** A value as {@link readValue} reads it. */
export function valueText(value: JsonValue | undefined): string {
  if (value === undefined) return "";
  const isPlain = typeof value === "string" && readsAsItself(value);
  return isPlain ? value : JSON.stringify(value, null, 2);
}

function readsAsItself(text: string): boolean {
  try {
    return readValue(text, "") === text && text !== "";
  } catch {
    return false;
  }
}
