import { ENTITIES } from "@rivulet/domain/entities";
import type {
  DeleteFoundQuery,
  PruneQuery,
  RetentionPolicy,
  TracePlace,
} from "../../port/traces.ts";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { planSearch } from "../search/plan.ts";
import { type Position, scanRows } from "../search/scan.ts";
import { number, text, toMicros, toMillis } from "../values.ts";
import type { traceBytes } from "./trace-bytes.ts";

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

/** The ids of the oldest traces up to a place, of which nothing is known that protects them. */
export async function oldestPrunable(
  sql: Sql,
  { upTo, limit, includeProtected }: Required<PruneQuery>,
): Promise<readonly string[]> {
  const place = notAfter(upTo);
  const rows = await sql.all(
    `SELECT t.id FROM traces t WHERE ${includeProtected ? "" : "t.held IS NULL AND "}${place.sql}
     ORDER BY t.start_us, t.id LIMIT ?`,
    [...place.values, limit],
  );
  return rows.map((row) => text(row, "id"));
}

/** How many bytes traces take, as `traceBytes` says it. */
type Measure = ReturnType<typeof traceBytes>;

/**
 * The youngest trace that is more than a policy keeps. Not their number: what is up to it may be deleted whoever
 * else deletes the same. What is read grows with what is to be deleted and with what a policy keeps by number, never
 * with the history.
 */
export async function findSurplus(
  sql: Sql,
  { before, maxCount, maxBytes }: RetentionPolicy,
  measure: Measure,
): Promise<TracePlace | undefined> {
  const bounds = [
    before === undefined ? undefined : await lastBefore(sql, before),
    maxCount === undefined ? undefined : await behindNewest(sql, maxCount),
    maxBytes === undefined ? undefined : await beyondSize(sql, maxBytes, measure),
  ];
  return bounds.reduce(later, undefined);
}

function later(one: TracePlace | undefined, other: TracePlace | undefined): TracePlace | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const isLater =
    one.startTime === other.startTime ? one.id > other.id : one.startTime > other.startTime;
  return isLater ? one : other;
}

const NEWEST_FIRST = "ORDER BY start_us DESC, id DESC LIMIT 1";

function lastBefore(sql: Sql, before: number): Promise<TracePlace | undefined> {
  const where = "WHERE start_us < ?";
  return findPlace(sql, { sql: `${where} ${NEWEST_FIRST}`, values: [toMicros(before)] });
}

function behindNewest(sql: Sql, count: number): Promise<TracePlace | undefined> {
  return findPlace(sql, { sql: `${NEWEST_FIRST} OFFSET ?`, values: [count] });
}

/** About how many are to go is known from how many there are. Those that are protected make no room. */
async function beyondSize(
  sql: Sql,
  maxBytes: number,
  measure: Measure,
): Promise<TracePlace | undefined> {
  const surplus = 1 - maxBytes / Math.max(await measure(sql, maxBytes), 1);
  if (surplus <= 0) return undefined;
  const offset = Math.ceil((await aboutHowMany(sql)) * surplus) - 1;
  const prunable = "WHERE held IS NULL";
  const last = await findPlace(sql, {
    sql: `${prunable} ORDER BY start_us, id LIMIT 1 OFFSET ?`,
    values: [Math.max(offset, 0)],
  });
  return last ?? findPlace(sql, { sql: `${prunable} ${NEWEST_FIRST}`, values: [] });
}

async function findPlace(
  sql: Sql,
  { sql: rest, values }: Statement,
): Promise<TracePlace | undefined> {
  const [row] = await sql.all(`SELECT start_us, id FROM traces ${rest}`, values);
  return row && { startTime: toMillis(row["start_us"]), id: text(row, "id") };
}

/** Traces that are counted one by one; of more, the sums are asked, which lag a little behind. */
const COUNTED = 10_000;

/** How many traces there are, about. */
export async function aboutHowMany(sql: Sql): Promise<number> {
  const limit = sql.dialect.rollsUp ? `LIMIT ${COUNTED}` : "";
  const [row = {}] = await sql.all(
    `SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM traces ${limit}) counted`,
  );
  const counted = number(row, "count");
  if (!sql.dialect.rollsUp || counted < COUNTED) return counted;
  const [sums = {}] = await sql.all("SELECT COALESCE(SUM(traces), 0) AS count FROM trace_rollups");
  return Math.max(counted, number(sums, "count"));
}
