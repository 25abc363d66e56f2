import { hash } from "node:crypto";
import type { OrderTerm, Page } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Entity } from "@rivulet/domain/entities";
import type { StoreQuery } from "../../port/store.ts";
import type { Row, Sql, SqlValue, Statement } from "../database.ts";
import type { Dialect } from "../dialect.ts";
import { orderTerm } from "../kit/declared-table.ts";
import { compileClause } from "./clause.ts";
import { decodePageToken, encodePageToken, type PageKey } from "./page-token.ts";
import { attributeOf, lookupOf } from "./searched-fields.ts";

/** One expression a list is sorted by. */
interface SortKey {
  readonly expression: string;
  readonly values: readonly SqlValue[];
  readonly descending: boolean;
  readonly nullable: boolean;
}

/** A search over the table of one entity. */
export interface Search {
  readonly entity: Entity;
  readonly query: StoreQuery;
  /** Conditions besides the filter's. */
  readonly conditions?: readonly Statement[];
}

/** One page of rows, and the token of the next. */
export async function searchRows(sql: Sql, search: Search): Promise<Page<Row>> {
  const keys = sortKeys(search, sql.dialect);
  const shape = shapeOf(search.entity.name, keys);
  const statement = compile(sql, { ...search, keys, shape });
  const rows = await sql.all(statement.sql, statement.values);
  const items = rows.slice(0, search.query.limit);
  const last = items.at(-1);
  if (rows.length <= search.query.limit || last === undefined) return { items };
  const key = keys.map((_, index) => last[`sort_${index}`] ?? null);
  return { items, nextPageToken: encodePageToken(shape, key) };
}

interface Compilation extends Search {
  readonly keys: readonly SortKey[];
  readonly shape: string;
}

function compile(
  sql: Sql,
  { entity, query, conditions = [], keys, shape }: Compilation,
): Statement {
  const where = [
    ...conditions,
    ...query.where.map((clause) => compileClause(clause, entity, sql.dialect)),
    ...afterToken(query, keys, shape),
  ];
  const sorted = keys.map(({ expression }, index) => `${expression} AS sort_${index}`);
  const order = keys.map(orderOf).join(", ");
  return {
    sql: `SELECT t.*, ${sorted.join(", ")} FROM ${entity.table} t${
      where.length === 0 ? "" : ` WHERE ${where.map((part) => `(${part.sql})`).join(" AND ")}`
    } ORDER BY ${order} LIMIT ?`,
    values: [
      ...keys.flatMap(({ values }) => values),
      ...where.flatMap(({ values }) => values),
      ...keys.flatMap(({ nullable, values }) => (nullable ? [...values, ...values] : values)),
      query.limit + 1,
    ],
  };
}

function orderOf({ expression, descending, nullable }: SortKey): string {
  const direction = descending ? "DESC" : "ASC";
  return nullable
    ? `(${expression}) IS NULL, ${expression} ${direction}`
    : `${expression} ${direction}`;
}

/** What is asked for, then what makes the order total: the key, as the list's own order has it. */
function sortKeys({ entity, query }: Search, dialect: Dialect): readonly SortKey[] {
  const chosen = query.order.map((term) => sortKeyOf(term, entity, dialect));
  const own = entity.order.filter(
    (term) => chosen.length === 0 || entity.key.includes(term.replace("-", "")),
  );
  const rest = own.map((term) => {
    const { column, descending } = orderTerm(entity, term);
    return { expression: `t.${column}`, values: [], descending, nullable: false };
  });
  return [
    ...chosen,
    ...rest.filter(({ expression }) => chosen.every((key) => key.expression !== expression)),
  ];
}

function sortKeyOf({ field, descending }: OrderTerm, entity: Entity, dialect: Dialect): SortKey {
  if (field.kind === "attribute") {
    const { expression, nullable } = attributeOf(entity, field.key);
    return { expression, values: [], descending, nullable };
  }
  const { sortValue } = lookupOf(entity, field, dialect);
  if (sortValue === undefined) throw unsortable(`${field.kind}.${field.key}`);
  return { expression: sortValue, values: [field.key], descending, nullable: true };
}

function unsortable(field: string): RivuletError {
  return new RivuletError("invalid_argument", `Cannot order by "${field}": it has no order.`);
}

function afterToken(
  { pageToken }: StoreQuery,
  keys: readonly SortKey[],
  shape: string,
): Statement[] {
  if (pageToken === undefined) return [];
  const after = decodePageToken(pageToken, { shape, length: keys.length });
  return [keysetCondition(keys, after)];
}

/** Rows behind the key: later in the first term, or equal there and later in the second, and so on. */
function keysetCondition(keys: readonly SortKey[], after: PageKey): Statement {
  const alternatives = keys.map((key, index) => {
    const equal = keys.slice(0, index).map((prior, place) => sameAs(prior, after[place] ?? null));
    const parts = [...equal, behind(key, after[index] ?? null)];
    return {
      sql: parts.map((part) => part.sql).join(" AND "),
      values: parts.flatMap(({ values }) => values),
    };
  });
  return {
    sql: alternatives.map((part) => `(${part.sql})`).join(" OR "),
    values: alternatives.flatMap(({ values }) => values),
  };
}

function sameAs({ expression, values }: SortKey, value: SqlValue): Statement {
  return value === null
    ? { sql: `(${expression}) IS NULL`, values }
    : { sql: `${expression} = ?`, values: [...values, value] };
}

function behind({ expression, values, descending, nullable }: SortKey, value: SqlValue): Statement {
  // Missing values come last, so nothing is behind them but the terms that follow.
  if (value === null) return { sql: "0 = 1", values: [] };
  const later = `${expression} ${descending ? "<" : ">"} ?`;
  return nullable
    ? { sql: `(${later} OR (${expression}) IS NULL)`, values: [...values, value, ...values] }
    : { sql: later, values: [...values, value] };
}

/** A short name of a list and its order, so that a token of another one is recognised. */
function shapeOf(table: string, keys: readonly SortKey[]): string {
  return hash("sha256", JSON.stringify([table, keys]), "base64url").slice(0, 12);
}
