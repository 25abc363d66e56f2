import type {
  BaseColumnType,
  ColumnType,
  EntityIndex,
  StoredTable,
} from "@rivulet/domain/entities";
import type { BaseType, Index, Table } from "../table.ts";

/** Column of a field: `experimentId` is `experiment_id`, `startTime` is `start_us`. */
export function columnName(field: string, type: ColumnType): string {
  const snake = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (type.startsWith("time")) return `${snake.replace(/_(time|at)$/, "")}_us`;
  return type.startsWith("duration") ? `${snake.replace(/_ms$/, "")}_us` : snake;
}

/** Every field with a column, including those of the store itself. */
export function fieldsOf({
  columns,
  extra = {},
}: StoredTable): Readonly<Record<string, ColumnType>> {
  return { ...columns, ...extra };
}

/** The column of a field. @throws Error for an undeclared field, which is a bug */
export function columnOf(declared: StoredTable, field: string): string {
  const type = declared.columns[field] ?? declared.extra?.[field];
  if (type === undefined) throw new Error(`${declared.table} has no field ${field}.`);
  return columnName(field, type);
}

const STORED_AS: Readonly<Record<BaseColumnType, BaseType>> = {
  text: "text",
  integer: "integer",
  real: "real",
  time: "integer",
  duration: "integer",
  json: "json",
};

/** The table of a declaration. */
export function declaredTable(declared: StoredTable): Table {
  const { table, key, indexes = [], since, added } = declared;
  const columns = Object.entries(fieldsOf(declared)).map(([field, type]) => {
    const base = type.replace("?", "") as BaseColumnType;
    return [columnName(field, type), type.replace(base, STORED_AS[base])];
  });
  return {
    name: table,
    columns: Object.fromEntries(columns),
    key: key.map((field) => columnOf(declared, field)),
    indexes: indexes.map((index) => indexOf(declared, index)),
    ...(since === undefined ? {} : { since }),
    ...(added === undefined ? {} : { added: addedColumns(declared, added) }),
  };
}

function indexOf(
  declared: StoredTable,
  { name, on, cut = false, unique, where }: EntityIndex,
): Index {
  return {
    name,
    columns: on.map((term, place) => {
      const { expression, descending } = indexTerm(declared, term);
      const indexed = cut && place === 0 ? beginning(expression) : expression;
      return descending ? `${indexed} DESC` : indexed;
    }),
    ...(unique === undefined ? {} : { unique }),
    ...(where === undefined ? {} : { where: conditionOf(declared, where) }),
  };
}

function conditionOf(declared: StoredTable, where: NonNullable<EntityIndex["where"]>): string {
  const column = columnOf(declared, where.field);
  if (where.isAbsent === true) return `${column} IS NULL`;
  return where.is === undefined ? `${column} IS NOT NULL` : `${column} = '${where.is}'`;
}

/** A term of a declared index, over a table with the name `alias`. */
export function indexTerm(
  declared: StoredTable,
  term: string,
  alias?: string,
): { readonly expression: string; readonly descending: boolean } {
  const descending = term.startsWith("-");
  return {
    expression: expressionOf(declared, descending ? term.slice(1) : term, alias),
    descending,
  };
}

/** A field or interval, in milliseconds, as an expression over a table with the name `alias`. */
export function expressionOf(declared: StoredTable, field: string, alias?: string): string {
  const named = (name: string): string =>
    alias === undefined ? columnOf(declared, name) : `${alias}.${columnOf(declared, name)}`;
  const intervals = declared.intervals ?? {};
  const interval = Object.hasOwn(intervals, field) ? intervals[field] : undefined;
  if (interval === undefined) return named(field);
  return `((${named(interval.to)} - ${named(interval.from)}) / 1000.0)`;
}

/** Characters that an index covers of a text of any length. */
const BEGINNING = 200;

/** The indexed part of a text of any length. Databases refuse thousands of bytes in an index. */
export function beginning(expression: string): string {
  return `substr(${expression}, 1, ${BEGINNING})`;
}

/** A term of a declared order. */
export function orderTerm(
  declared: StoredTable,
  term: string,
): { readonly column: string; readonly descending: boolean } {
  const descending = term.startsWith("-");
  return { column: columnOf(declared, descending ? term.slice(1) : term), descending };
}

function addedColumns(
  declared: StoredTable,
  added: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const fields = fieldsOf(declared);
  const names = Object.entries(added).map(([name, version]) => [
    Object.hasOwn(fields, name) ? columnOf(declared, name) : name,
    version,
  ]);
  return Object.fromEntries(names);
}
