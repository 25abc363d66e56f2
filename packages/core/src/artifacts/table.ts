import { RivuletError } from "@rivulet/domain";

/** Rows as objects with the same keys, or columns by name with as many values each. */
export type TableData = readonly object[] | { readonly [column: string]: readonly unknown[] };

/** MLflow's table, as JSON holds it. */
export interface Table {
  readonly columns: readonly string[];
  readonly data: readonly (readonly unknown[])[];
}

/** What is given as a table. @throws RivuletError `invalid_argument` when rows or columns do not fit each other */
export function readTable(data: unknown, path: string): Table {
  if (Array.isArray(data)) return ofRows(data, path);
  if (typeof data === "object" && data !== null) return ofColumns(data, path);
  throw unfit(path, "it is made of neither rows nor columns");
}

/**
 * The rows of both, in the order of the first one's columns.
 *
 * @throws RivuletError `invalid_argument` when they have different columns
 */
export function appended(table: Table, { columns, data }: Table, path: string): Table {
  if (table.columns.length === 0) return { columns, data };
  if (columns.length === 0) return table;
  const missing = table.columns.filter((name) => !columns.includes(name));
  const unknown = columns.filter((name) => !table.columns.includes(name));
  if (missing.length + unknown.length > 0) {
    throw unfit(
      path,
      `its columns are ${listed(table.columns)}, but those of the new rows are ${listed(columns)}`,
    );
  }
  const places = table.columns.map((name) => columns.indexOf(name));
  return {
    columns: table.columns,
    data: [...table.data, ...data.map((row) => places.map((place) => row[place]))],
  };
}

/** A table from its JSON. @throws RivuletError `invalid_argument` for what is none */
export function parseTable(text: string, path: string): Table {
  const table = parsed(text);
  if (isTable(table)) return table;
  throw unfit(path, "what is stored there is no table");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTable(value: unknown): value is Table {
  if (typeof value !== "object" || value === null) return false;
  if (!("columns" in value && "data" in value)) return false;
  return (
    Array.isArray(value.columns) && Array.isArray(value.data) && value.data.every(Array.isArray)
  );
}

function ofRows(rows: readonly unknown[], path: string): Table {
  const columns: string[] = Object.keys(Object(rows[0]));
  const data = rows.map((row, at) => {
    if (typeof row !== "object" || row === null || Array.isArray(row))
      throw unfit(path, `row ${at} is no object of values by column`);
    const names = Object.keys(row);
    const other = names.find((name) => !columns.includes(name));
    if (other !== undefined) throw unfit(path, `row ${at} has the column ${other}, row 0 has not`);
    const missing = columns.find((name) => !Object.hasOwn(row, name));
    if (missing !== undefined) throw unfit(path, `row ${at} lacks the column ${missing}`);
    return columns.map((name): unknown => Reflect.get(row, name));
  });
  return { columns, data };
}

function ofColumns(given: object, path: string): Table {
  const entries = Object.entries(given).map(([name, values]): [string, readonly unknown[]] => {
    if (Array.isArray(values)) return [name, values];
    throw unfit(path, `the column ${name} is no list of values`);
  });
  const [first] = entries;
  const length = first?.[1].length ?? 0;
  const other = entries.find(([, values]) => values.length !== length);
  if (other !== undefined) {
    throw unfit(
      path,
      `the column ${other[0]} has ${other[1].length} values, ${first?.[0]} has ${length}`,
    );
  }
  const data = Array.from({ length }, (_, at) => entries.map(([, values]) => values[at]));
  return { columns: entries.map(([name]) => name), data };
}

function listed(names: readonly string[]): string {
  return names.join(", ").slice(0, 300);
}

function unfit(path: string, why: string): RivuletError {
  return new RivuletError("invalid_argument", `The table "${path}" cannot be stored: ${why}.`, {
    details: { field: "data", path },
  });
}
