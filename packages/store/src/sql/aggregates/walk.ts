import { RivuletError } from "@rivulet/domain";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { columnOf } from "../kit/declared-table.ts";
import { keyColumn } from "../search/key-column.ts";
import { planSearch, type SearchPlan } from "../search/plan.ts";
import type { Search } from "../search/search.ts";
import { conditionsOf, endOfWindow, type Position, readStretch } from "../search/stretch.ts";

/** Everything that a search finds, whatever its order, size of page and token. */
export type Found = Omit<Search, "query"> & {
  readonly query: FoundQuery;
  /** Rows of the first stretch. @default 16384 */
  readonly window?: number;
};
type FoundQuery = Pick<Search["query"], "where" | "now" | "budgetMs">;

/** Reads something of the rows of `t` that fulfil all conditions. */
export type ReadRows = (sql: Sql, where: readonly Statement[]) => Promise<readonly Row[]>;

const DEFAULT_BUDGET_MS = 10_000;
const FIRST_WINDOW = 16_384;
/** The most rows of a stretch. */
export const LONGEST_WINDOW = 262_144;
/** Rows of a stretch where our own code looks at each. */
const CHECKED_WINDOW = 1_024;
/** A stretch that takes less, or more, is followed by one that is twice as long, or half. */
const STRETCH_MS = { least: 50, most: 200 };

/**
 * Reads, stretch by stretch, of everything that a filter finds: what was read of each is to be added up. Each
 * stretch is a snapshot of its own, so that nobody waits for all of them.
 *
 * @throws RivuletError `deadline_exceeded` when the time is over before everything was read
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
      const stretch: Stretch = { plan: { ...plan, branches: [branch] }, position, window };
      const step: Step = await database.snapshot((sql) =>
        isChecked ? readChecked(sql, stretch, read) : readAll(sql, stretch, read),
      );
      rows.push(...step.rows);
      position = step.next;
      if (!isChecked) window = nextWindow(window, performance.now() - begun);
    }
  }
  return rows;
}

function nextWindow(window: number, milliseconds: number): number {
  if (milliseconds < STRETCH_MS.least) return Math.min(LONGEST_WINDOW, window * 2);
  return milliseconds > STRETCH_MS.most ? Math.ceil(window / 2) : window;
}

interface Step {
  readonly rows: readonly Row[];
  readonly next: Position | undefined;
}

interface Stretch {
  readonly plan: SearchPlan;
  readonly position: Position;
  readonly window: number;
}

async function readAll(sql: Sql, stretch: Stretch, read: ReadRows): Promise<Step> {
  const { plan, position } = stretch;
  const [branch] = plan.branches;
  const [stage] = branch?.stages ?? [];
  if (branch === undefined || stage === undefined) return { rows: [], next: undefined };
  const end = await endOfWindow(sql, stretch);
  const where = conditionsOf({ plan, branch, stage, position, end });
  const rows = await read(sql, [...amongRare(plan), ...where]);
  return { rows, next: end === undefined ? undefined : { stage: 0, after: end } };
}

function amongRare({ entity, rare }: SearchPlan): readonly Statement[] {
  if (rare === undefined) return [];
  return [{ sql: `${keyColumn(entity)} IN (${rare.sql})`, values: rare.values }];
}

/** The rows that our own code lets through are named by their keys. */
async function readChecked(sql: Sql, stretch: Stretch, read: ReadRows): Promise<Step> {
  const { rows, next } = await readStretch(sql, { ...stretch, room: stretch.window });
  if (rows.length === 0) return { rows: [], next };
  const columns = stretch.plan.entity.key.map((field) => columnOf(stretch.plan.entity, field));
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
