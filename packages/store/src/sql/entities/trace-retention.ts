import { ENTITIES } from "@rivulet/domain/entities";
import type { DeleteFoundQuery, RetentionPolicy, TracePlace } from "../../port/traces.ts";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { planSearch } from "../search/plan.ts";
import { type Position, scanRows } from "../search/scan.ts";
import { number, text, toMicros, toMillis } from "../values.ts";

const OLDEST_FIRST = [
  { field: { kind: "attribute", key: "startTime" }, descending: false },
] as const;
/** Traces checked in one snapshot. */
const WINDOW = 1_024;

/** The ids of the oldest traces that match a filter, at most `limit`. */
export async function oldestFound(
  database: Database,
  { experimentIds, limit, upTo, ...query }: DeleteFoundQuery,
): Promise<readonly string[]> {
  const search = {
    entity: ENTITIES.trace,
    experimentIds,
    conditions: upTo === undefined ? [] : [notAfter(upTo)],
    query: { ...query, limit, order: OLDEST_FIRST },
  };
  const plan = await planSearch(search, database);
  const found: Row[] = [];
  let position: Position | undefined = plan.start;
  while (position !== undefined && found.length < limit) {
    const from: Position = position;
    const room = limit - found.length;
    const { rows, next } = await database.snapshot((sql) =>
      scanRows(sql, { plan, position: from, room, window: WINDOW }),
    );
    found.push(...rows.map(({ row }) => row));
    position = next;
  }
  return found.slice(0, limit).map((row) => text(row, "id"));
}

function notAfter({ startTime, id }: TracePlace): Statement {
  return { sql: "(t.start_us, t.id) <= (?, ?)", values: [toMicros(startTime), id] };
}

/**
 * The youngest trace that is more than a policy keeps. Not their number: what is up to it may be deleted whoever
 * else deletes the same.
 */
export async function findSurplus(
  sql: Sql,
  policy: RetentionPolicy,
): Promise<TracePlace | undefined> {
  const surplus = await countSurplus(sql, policy);
  if (surplus <= 0) return undefined;
  const [row] = await sql.all(
    "SELECT start_us, id FROM traces ORDER BY start_us, id LIMIT 1 OFFSET ?",
    [surplus - 1],
  );
  return row && { startTime: toMillis(row["start_us"]), id: text(row, "id") };
}

async function countSurplus(
  sql: Sql,
  { before, maxCount, maxBytes }: RetentionPolicy,
): Promise<number> {
  const surplus = [0];
  if (before !== undefined) {
    surplus.push(await count(sql, "WHERE start_us < ?", [toMicros(before)]));
  }
  if (maxCount === undefined && maxBytes === undefined) return Math.max(...surplus);
  const all = await count(sql, "", []);
  if (maxCount !== undefined) surplus.push(all - maxCount);
  if (maxBytes !== undefined) {
    const [row = {}] = await sql.all(sql.dialect.usedBytes);
    const bytes = number(row, "bytes");
    surplus.push(Math.ceil(all * (1 - maxBytes / Math.max(bytes, 1))));
  }
  return Math.max(...surplus);
}

async function count(sql: Sql, where: string, values: readonly number[]): Promise<number> {
  const [row = {}] = await sql.all(`SELECT COUNT(*) AS count FROM traces ${where}`, values);
  return number(row, "count");
}
