import type { Page } from "@rivulet/domain";
import type { Entity } from "@rivulet/domain/entities";
import type { MeasuredDataset, StoreQuery } from "../../port/store.ts";
import type { Database, Row, Sql, Statement } from "../database.ts";
import type { ReadTime } from "../dialect.ts";
import { placeToken } from "./place-token.ts";
import { planSearch, type SearchPlan } from "./plan.ts";
import { type Position, type Scan, scanRows } from "./scan.ts";

/** A search over the table of one entity. */
export interface Search {
  readonly entity: Entity;
  readonly query: StoreQuery;
  /** The experiments to search; absent or empty for all. */
  readonly experimentIds?: readonly string[];
  /** Conditions besides the filter's. */
  readonly conditions?: readonly Statement[];
  /** Only metrics on these datasets count; absent or empty for all. */
  readonly datasets?: readonly MeasuredDataset[];
  /** Of the matches with the same value of this field only the latest is found, and none without a value. */
  readonly latestBy?: string;
}

/** Loads rows as records, in the snapshot in which they were read. */
export type LoadRows<T> = (sql: Sql, rows: readonly Row[]) => Promise<readonly T[]>;

const DEFAULT_BUDGET_MS = 2_000;
/** Rows of the first window. */
const WINDOW = { first: 256, least: 16, most: 8_192, mostRare: 1_024 };

/**
 * One page of a search. The list is read window by window, each a snapshot of its own, so that a search with few matches
 * blocks nobody and can stop in time: then the page has what was found so far, `complete: false`, and a token to continue.
 *
 * @throws RivuletError `invalid_argument` for an invalid filter, order or page token
 */
export async function searchPage<T>(
  database: Database,
  search: Search,
  load: LoadRows<T>,
): Promise<Page<T>> {
  const { limit, budgetMs = DEFAULT_BUDGET_MS } = search.query;
  let begun = performance.now();
  const deadline = begun + budgetMs;
  // Most lists end with their first window, which is read in the snapshot in which it was planned.
  const { plan, first, firstLength } = await database.snapshot(async (sql) => {
    const plan = await planSearch(search, sql);
    const firstLength = firstWindow(plan, limit);
    const scan = { plan, position: plan.start, room: limit + 1, window: firstLength };
    return { plan, firstLength, first: await readItems(sql, scan, load) };
  });
  const found = [...first.found];
  let window = firstLength;
  let position = first.next;
  while (position !== undefined && found.length <= limit) {
    const now = performance.now();
    if (now >= deadline) {
      return { ...(await pageOf(database, { found, plan, position })), complete: false };
    }
    window = nextWindow(plan, {
      window,
      milliseconds: now - begun,
      readMs: database.dialect.readMs,
    });
    begun = now;
    const scan = { plan, position, room: limit + 1 - found.length, window };
    const read = await database.snapshot((sql) => readItems(sql, scan, load));
    found.push(...read.found);
    position = read.next;
  }
  if (found.length <= limit) return { items: found.map(({ item }) => item) };
  const last = found[limit - 1]?.at ?? plan.start;
  return pageOf(database, { found: found.slice(0, limit), plan, position: last });
}

interface ReadItems<T> {
  readonly found: readonly Found<T>[];
  readonly next: Position | undefined;
}

async function readItems<T>(sql: Sql, scan: Scan, load: LoadRows<T>): Promise<ReadItems<T>> {
  const { rows, next } = await scanRows(sql, scan);
  const items = await load(
    sql,
    rows.map(({ row }) => row),
  );
  const found = items.map((item, index) => ({
    item,
    at: rows[index]?.position ?? scan.position,
  }));
  return { found, next };
}

/** Rows that our own code checks are read whole, so no more of them than may suffice. */
function firstWindow({ rare, isCommon }: SearchPlan, limit: number): number {
  const isDense = isCommon || rare !== undefined;
  return isDense ? Math.min(WINDOW.first, Math.max(WINDOW.least, limit + 1)) : WINDOW.first;
}

interface ReadWindow {
  readonly window: number;
  readonly milliseconds: number;
  readonly readMs: ReadTime;
}

/** A window that took less or more than it should is followed by one of double or half the size. */
function nextWindow({ rare }: SearchPlan, { window, milliseconds, readMs }: ReadWindow): number {
  // All of them are sorted each time, however few are read.
  if (rare !== undefined) return Math.max(window, Math.min(WINDOW.mostRare, window * 2));
  if (milliseconds < readMs.least) return Math.min(WINDOW.most, window * 2);
  return milliseconds > readMs.most ? Math.max(WINDOW.least, Math.ceil(window / 2)) : window;
}

interface Found<T> {
  readonly item: T;
  /** Where the search continues. */
  readonly at: Position;
}

interface Paged<T> {
  readonly found: readonly Found<T>[];
  readonly plan: SearchPlan;
  /** Where the next page starts. */
  readonly position: Position;
}

async function pageOf<T>(sql: Sql, { found, plan, position }: Paged<T>): Promise<Page<T>> {
  return {
    items: found.map(({ item }) => item),
    nextPageToken: await placeToken(sql, plan, position),
  };
}
