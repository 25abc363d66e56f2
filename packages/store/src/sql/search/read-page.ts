import type { Page } from "@rivulet/domain";
import type { Row, Sql, SqlValue, Statement } from "../database.ts";
import { LIMIT } from "../values.ts";
import { decodePageToken, encodePageToken, listName } from "./page-token.ts";

/** A list with a fixed order. */
export interface FixedList<T> {
  /** The table, or another operand of FROM. */
  readonly table: string;
  readonly within: Statement;
  /** Columns with numbers or texts, all ascending or, with `descending`, all descending. */
  readonly order: readonly string[];
  readonly descending?: boolean;
  readonly page: { readonly limit: number; readonly pageToken?: string };
  read(row: Row): T;
}

/** One page of a list, and the token of the next. */
export async function readPage<T>(
  sql: Sql,
  { table, within, order, descending = false, page, read }: FixedList<T>,
): Promise<Page<T>> {
  const list = listName(table, within, order, descending);
  const after =
    page.pageToken === undefined
      ? []
      : await decodePageToken(sql, { token: page.pageToken, list, length: order.length });
  const [sign, direction] = descending ? ["<", " DESC"] : [">", ""];
  const behind = `(${order.join(", ")}) ${sign} (${order.map(() => "?").join(", ")})`;
  const rows = await sql.all(
    `SELECT * FROM ${table} WHERE ${within.sql}${after.length > 0 ? ` AND ${behind}` : ""}
     ORDER BY ${order.map((column) => `${column}${direction}`).join(", ")} ${LIMIT}`,
    [...within.values, ...after, page.limit + 1],
  );
  const items = rows.slice(0, page.limit);
  const last = items.at(-1);
  const result = items.map(read);
  if (rows.length <= page.limit || last === undefined) return { items: result };
  const key = order.map((column): SqlValue => last[column] ?? null);
  return { items: result, nextPageToken: await encodePageToken(sql, list, key) };
}
