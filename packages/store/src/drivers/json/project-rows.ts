import { messageOf } from "@rivulet/domain";
import { decodeCell } from "../../backup/row-text.ts";
import type { Row, SqlValue } from "../../sql/database.ts";
import type { Table } from "../../sql/table.ts";
import { CELL_SHAPES } from "./cell-shapes.ts";
import type { FileKind } from "./file-kinds.ts";
import { faulty, lineOf, type ParsedObject } from "./file-text.ts";
import { joinLines } from "./long-text.ts";

/** A row, and the object it comes from. */
export interface ReadRow {
  readonly table: Table;
  readonly row: Row;
  readonly from: ParsedObject;
}

/** Parts of a row that are not in its object. */
export interface RowRules {
  readonly kind: FileKind;
  /** Cells that follow from the row's place. */
  readonly given: Row;
  /** Fields that the object may have besides the cells. */
  readonly besides?: readonly string[];
}

/** Reads a row from an object. @throws RivuletError `store_corrupt` for an unknown field, or a wrong type or shape */
export function readRow(from: ParsedObject, { kind, given, besides = [] }: RowRules): ReadRow {
  const { table, left } = kind;
  const own = Object.entries(table.columns).filter(([column]) => !left.includes(column));
  const known = [...own.map(([column]) => column), ...besides];
  const unknown = Object.keys(from.value).find((field) => !known.includes(field));
  if (unknown !== undefined) {
    throw faulty(from.file, {
      line: lineOf(from, unknown),
      what: `"${unknown}" is not known here`,
      todo: `remove it; known are ${known.join(", ")}`,
    });
  }
  for (const field of besides) {
    const type = table.columns[field];
    if (type !== undefined && from.value[field] !== undefined) readCell(from, field, type);
  }
  const cells = own.map(([column, type]) => [column, readCell(from, column, type)] as const);
  checkShapes(from, table);
  return { table, row: { ...Object.fromEntries(cells), ...given }, from };
}

function readCell(from: ParsedObject, column: string, type: Table["columns"][string]): SqlValue {
  const value = readValue(from, column, from.value[column]);
  const stored = type.startsWith("json") && value !== undefined ? JSON.stringify(value) : value;
  const cell = decodeCell(type, stored);
  if (cell !== undefined) return cell;
  const is = value === undefined ? "is missing" : `is no ${type.replace("?", "")}`;
  throw faulty(from.file, {
    line: lineOf(from, column),
    what: `"${column}" ${is}`,
    todo: "correct it, or restore the file from Git",
  });
}

/** A value may fit the column and still be nothing that Rivulet writes there. */
function checkShapes(from: ParsedObject, { name }: Table): void {
  for (const [column, { fits, misfit }] of Object.entries(CELL_SHAPES[name] ?? {})) {
    if (fits(readValue(from, column, from.value[column]))) continue;
    throw faulty(from.file, {
      line: lineOf(from, column),
      what: `"${column}" is ${misfit}`,
      todo: "correct it, or restore the file from Git",
    });
  }
}

/** Joins the lines of long texts. In files of lines, texts are not split. */
export function readValue(from: ParsedObject, field: string, value: unknown): unknown {
  if (from.file.name.endsWith(".jsonl")) return value;
  try {
    return joinLines(value);
  } catch (cause) {
    throw faulty(from.file, {
      line: lineOf(from, field),
      what: `"${field}" cannot be read: ${messageOf(cause)}`,
      todo: "correct it, or restore the file from Git",
      cause,
    });
  }
}

/** An object of strings inside another one, such as tags. @throws RivuletError `store_corrupt` */
export function readTexts(
  from: ParsedObject,
  field: string,
): readonly (readonly [string, string])[] {
  return readFields(from, field).map(([key, value]) => {
    const joined = readValue(from, key, value);
    if (typeof joined === "string") return [key, joined] as const;
    throw faulty(from.file, {
      line: lineOf(from, key),
      what: `"${key}" of "${field}" is no text`,
      todo: "put it in quotes",
    });
  });
}

/** The fields of an object inside another one; none when it is missing. @throws RivuletError `store_corrupt` */
export function readFields(
  from: ParsedObject,
  field: string,
): readonly (readonly [string, unknown])[] {
  const value = from.value[field];
  if (value === undefined) return [];
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.entries(value);
  throw faulty(from.file, {
    line: lineOf(from, field),
    what: `"${field}" is no object`,
    todo: "correct it, or restore the file from Git",
  });
}

/** The objects of a list inside another object; none when it is missing. @throws RivuletError `store_corrupt` */
export function listIn(from: ParsedObject, field: string): readonly ParsedObject["value"][] {
  const list = from.value[field] ?? [];
  if (Array.isArray(list)) return list.map((one: object) => ({ ...one }));
  throw faulty(from.file, {
    line: lineOf(from, field),
    what: `"${field}" is no list`,
    todo: "correct it, or restore the file from Git",
  });
}
