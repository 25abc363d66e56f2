import type { Page } from "@rivulet/domain";
import type { Entity } from "@rivulet/domain/entities";
import type { StoreQuery } from "../../port/store.ts";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { placeToken } from "./place-token.ts";
import { planSearch, type SearchPlan } from "./plan.ts";
import { type Position, readStretch, type Stretch } from "./stretch.ts";

/** A search over the table of one entity. */
export interface Search {
  readonly entity: Entity;
  readonly query: StoreQuery;
  /** Only what is of these experiments; left out or empty: of all. */
  readonly experimentIds?: readonly string[];
  /** Conditions besides the filter's. */
  readonly conditions?: readonly Statement[];
}

/** Rows as records. It is called in the snapshot in which they were read. */
export type LoadRows<T> = (sql: Sql, rows: readonly Row[]) => Promise<readonly T[]>;

const DEFAULT_BUDGET_MS = 2_000;
/** Rows that the first stretch looks at, and bounds of what the others do. */
const WINDOW = { first: 256, least: 16, most: 8_192, mostRare: 1_024 };
/** A stretch that takes less, or more, is followed by one that is twice as long, or half: a read waits no longer. */
const STRETCH_MS = { least: 2, most: 5 };

/**
 * One page of a search. The list is read in stretches, each a snapshot of its own, so that a search that finds
 * little holds up nobody, and ends with its time: then the page has what was found so far, `complete: false`,
 * and a token to go on with.
 *
 * @throws RivuletError `invalid_argument` for a filter, an order or a page token that does not fit
 */
export async function searchPage<T>(
  database: Database,
  search: Search,
  load: LoadRows<T>,
): Promise<Page<T>> {
  const { limit, budgetMs = DEFAULT_BUDGET_MS } = search.query;
  let begun = performance.now();
  const deadline = begun + budgetMs;
  // Most lists end with their first stretch: it is read in the snapshot in which it was planned.
  const { plan, first, firstLength } = await database.snapshot(async (sql) => {
    const plan = await planSearch(search, sql);
    const firstLength = firstWindow(plan, limit);
    const stretch = { plan, position: plan.start, room: limit + 1, window: firstLength };
    return { plan, firstLength, first: await readItems(sql, stretch, load) };
  });
  const found = [...first.found];
  let window = firstLength;
  let position = first.next;
  while (position !== undefined && found.length <= limit) {
    const now = performance.now();
    if (now >= deadline) {
      return { ...(await pageOf(database, { found, plan, position })), complete: false };
    }
    window = nextWindow(plan, window, now - begun);
    begun = now;
    const stretch = { plan, position, room: limit + 1 - found.length, window };
    const read = await database.snapshot((sql) => readItems(sql, stretch, load));
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

async function readItems<T>(sql: Sql, stretch: Stretch, load: LoadRows<T>): Promise<ReadItems<T>> {
  const { rows, next } = await readStretch(sql, stretch);
  const items = await load(
    sql,
    rows.map(({ row }) => row),
  );
  const found = items.map((item, index) => ({
    item,
    at: rows[index]?.position ?? stretch.position,
  }));
  return { found, next };
}

/** What is checked is read whole: no more of it than may suffice. */
function firstWindow({ rare, isCommon }: SearchPlan, limit: number): number {
  const isDense = isCommon || rare !== undefined;
  return isDense ? Math.min(WINDOW.first, Math.max(WINDOW.least, limit + 1)) : WINDOW.first;
}

function nextWindow({ rare }: SearchPlan, window: number, milliseconds: number): number {
  // All of them are sorted each time, however few are looked at.
  if (rare !== undefined) return Math.max(window, Math.min(WINDOW.mostRare, window * 2));
  if (milliseconds < STRETCH_MS.least) return Math.min(WINDOW.most, window * 2);
  return milliseconds > STRETCH_MS.most ? Math.max(WINDOW.least, Math.ceil(window / 2)) : window;
}

interface Found<T> {
  readonly item: T;
  /** Where the search goes on behind it. */
  readonly at: Position;
}

interface Paged<T> {
  readonly found: readonly Found<T>[];
  readonly plan: SearchPlan;
  /** Where the next page begins. */
  readonly position: Position;
}

async function pageOf<T>(sql: Sql, { found, plan, position }: Paged<T>): Promise<Page<T>> {
  return {
    items: found.map(({ item }) => item),
    nextPageToken: await placeToken(sql, plan, position),
  };
}
