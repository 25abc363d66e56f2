import { RivuletError } from "@rivulet/domain";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { columnOf } from "../kit/declared-table.ts";
import { keyColumn } from "../search/key-column.ts";
import { planSearch, type SearchPlan } from "../search/plan.ts";
import { conditionsOf, endOfWindow, type Position, scanRows } from "../search/scan.ts";
import type { Search } from "../search/search.ts";

/** A search for all matches, without order, page size and token. */
export type Found = Omit<Search, "query"> & {
  readonly query: FoundQuery;
  /** Rows of the first window. @default 16384 */
  readonly window?: number;
};
type FoundQuery = Pick<Search["query"], "where" | "now" | "budgetMs">;

/** Reads something from the rows of `t` that fulfil all conditions. */
export type ReadRows = (sql: Sql, where: readonly Statement[]) => Promise<readonly Row[]>;

const DEFAULT_BUDGET_MS = 10_000;
const FIRST_WINDOW = 16_384;
/** Most rows of a window. */
export const LONGEST_WINDOW = 262_144;
/** Rows of a window in which our own code checks each row. */
const CHECKED_WINDOW = 1_024;
/** A window that takes less or more than this many milliseconds is followed by one of double or half the size. */
const WINDOW_MS = { least: 50, most: 200 };

/**
 * Reads all matches of a filter window by window; the results of the windows are to be combined. Each window is a
 * snapshot of its own, so that nobody waits for all of them.
 *
 * @throws RivuletError `deadline_exceeded` when time runs out before everything was read
 */
export async function readFound(
  database: Database,
  { query, window: firstWindow = FIRST_WINDOW, ...search }: Found,
  read: ReadRows,
): Promise<readonly Row[]> {
  const { budgetMs = DEFAULT_BUDGET_MS } = query;
  const whole = { ...search, query: { ...query, order: [], limit: 1 } };
  const plan = await planSearch(whole, database);
  const deadline = performance.now() + budgetMs;
  const isChecked = plan.filter.checked.length > 0;
  const rows: Row[] = [];
  let window = isChecked ? CHECKED_WINDOW : firstWindow;
  let isFirst = true;
  for (const branch of plan.branches) {
    let position: Position | undefined = plan.start;
    while (position !== undefined) {
      if (!isFirst && performance.now() >= deadline) throw tooMuch(budgetMs);
      isFirst = false;
      const begun = performance.now();
      const scan: Scan = { plan: { ...plan, branches: [branch] }, position, window };
      const step: Step = await database.snapshot((sql) =>
        isChecked ? readChecked(sql, scan, read) : readAll(sql, scan, read),
      );
      rows.push(...step.rows);
      position = step.next;
      if (!isChecked) window = nextWindow(window, performance.now() - begun);
    }
  }
  return rows;
}

function nextWindow(window: number, milliseconds: number): number {
  if (milliseconds < WINDOW_MS.least) return Math.min(LONGEST_WINDOW, window * 2);
  return milliseconds > WINDOW_MS.most ? Math.ceil(window / 2) : window;
}

interface Step {
  readonly rows: readonly Row[];
  readonly next: Position | undefined;
}

interface Scan {
  readonly plan: SearchPlan;
  readonly position: Position;
  readonly window: number;
}

async function readAll(sql: Sql, scan: Scan, read: ReadRows): Promise<Step> {
  const { plan, position } = scan;
  const [branch] = plan.branches;
  const [stage] = branch?.stages ?? [];
  if (branch === undefined || stage === undefined) return { rows: [], next: undefined };
  const end = await endOfWindow(sql, scan);
  const where = conditionsOf({ plan, branch, stage, position, end });
  const rows = await read(sql, [...amongRare(plan), ...where]);
  return { rows, next: end === undefined ? undefined : { stage: 0, after: end } };
}

function amongRare({ entity, rare }: SearchPlan): readonly Statement[] {
  if (rare === undefined) return [];
  return [{ sql: `${keyColumn(entity)} IN (${rare.sql})`, values: rare.values }];
}

/** The rows that our own code accepts, identified by their keys. */
async function readChecked(sql: Sql, scan: Scan, read: ReadRows): Promise<Step> {
  const { rows, next } = await scanRows(sql, { ...scan, room: scan.window });
  if (rows.length === 0) return { rows: [], next };
  const columns = scan.plan.entity.key.map((field) => columnOf(scan.plan.entity, field));
  const marks = `(${columns.map(() => "?").join(", ")})`;
  const where = {
    sql: `(${columns.map((column) => `t.${column}`).join(", ")}) IN (VALUES ${rows.map(() => marks).join(", ")})`,
    values: rows.flatMap(({ row }) => columns.map((column) => row[column] ?? null)),
  };
  return { rows: await read(sql, [where]), next };
}

function tooMuch(budgetMs: number): RivuletError {
  return new RivuletError(
    "deadline_exceeded",
    `The query took longer than ${budgetMs} ms. Narrow it down: a shorter time, a single experiment, or fields with an index.`,
    { details: { budgetMs } },
  );
}
