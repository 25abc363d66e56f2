import { RivuletError } from "@rivulet/domain";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { columnOf } from "../kit/declared-table.ts";
import { keyColumn } from "../search/key-column.ts";
import { planSearch, type SearchPlan } from "../search/plan.ts";
import type { Search } from "../search/search.ts";
import { conditionsOf, endOfWindow, type Position, readStretch } from "../search/stretch.ts";

/** Everything that a search finds, whatever its order, size of page and token. */
export type Found = Omit<Search, "query"> & { readonly query: FoundQuery };
type FoundQuery = Pick<Search["query"], "where" | "now" | "budgetMs">;

/** Reads something of the rows of `t` that fulfil all conditions. */
export type ReadRows = (sql: Sql, where: readonly Statement[]) => Promise<readonly Row[]>;

const DEFAULT_BUDGET_MS = 10_000;
/** Rows of the first stretch, and the most; half as many where our own code looks at each. */
const FIRST_WINDOW = 16_384;
const LONGEST_WINDOW = 262_144;
const CHECKED_WINDOW = 1_024;

/**
 * Reads, stretch by stretch, of everything that a filter finds: what was read of each is to be added up. Each
 * stretch is a snapshot of its own, so that nobody waits for all of them.
 *
 * @throws RivuletError `deadline_exceeded` when the time is over before everything was read
 */
export async function readFound(
  database: Database,
  { query, ...search }: Found,
  read: ReadRows,
): Promise<readonly Row[]> {
  const { budgetMs = DEFAULT_BUDGET_MS } = query;
  const whole = { ...search, query: { ...query, order: [], limit: 1 } };
  const plan = await planSearch(whole, database);
  const deadline = performance.now() + budgetMs;
  const isChecked = plan.filter.checked.length > 0;
  const rows: Row[] = [];
  let window = isChecked ? CHECKED_WINDOW : FIRST_WINDOW;
  let position: Position | undefined = plan.start;
  while (position !== undefined) {
    if (position !== plan.start && performance.now() >= deadline) throw tooMuch(budgetMs);
    const stretch: Stretch = { plan, position, window };
    const step: Step = await database.snapshot((sql) =>
      isChecked ? readChecked(sql, stretch, read) : readAll(sql, stretch, read),
    );
    rows.push(...step.rows);
    position = step.next;
    if (!isChecked) window = Math.min(LONGEST_WINDOW, window * 2);
  }
  return rows;
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
  const [stage = { where: [], keys: [] }] = plan.stages;
  const end = await endOfWindow(sql, stretch, stage);
  const where = conditionsOf({ plan, position, stage, end });
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
    `There is more to look at than ${budgetMs} ms suffice for. Ask for less: a shorter time, one experiment, fields that have an index.`,
    { details: { budgetMs } },
  );
}
