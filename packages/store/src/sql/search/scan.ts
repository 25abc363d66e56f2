import type { Row, Sql, Statement } from "../database.ts";
import { LIMIT } from "../values.ts";
import { keyColumn } from "./key-column.ts";
import { behind, type PageKey, upTo } from "./keyset.ts";
import type { Stage } from "./order.ts";
import { isWalked } from "./order-index.ts";
import type { Branch, SearchPlan } from "./plan.ts";
import { type Selection, selectMerged } from "./selection.ts";

/** A place in a list. */
export interface Position {
  readonly stage: number;
  /** Sort values of the row before it; absent at the start of the stage. */
  readonly after?: PageKey;
}

/** Options of {@link scanRows}. */
export interface Scan {
  readonly plan: SearchPlan;
  readonly position: Position;
  /** Most rows to return. */
  readonly room: number;
  /** Most rows to scan when they have to be checked one by one. */
  readonly window: number;
}

/** Result of {@link scanRows}. */
export interface ScanResult {
  readonly rows: readonly { readonly row: Row; readonly position: Position }[];
  /** Where the next scan starts; `undefined` at the end of the list. */
  readonly next: Position | undefined;
}

/** Reads a list from a position on: a window of it where a filter may reject many rows, else without one. */
export async function scanRows(sql: Sql, scan: Scan): Promise<ScanResult> {
  const { plan, position } = scan;
  const length = plan.branches[0]?.stages[position.stage]?.keys.length;
  if (length === undefined) return { rows: [], next: undefined };
  const isFiltered = plan.filter.conditions.length + plan.conditions.length > 0;
  const end = isFiltered ? await endOfWindow(sql, scan) : undefined;
  const rows = await readRows(sql, scan, end);
  const found = rows
    .filter((row) => plan.filter.check(row))
    .map((row) => ({ row, position: { stage: position.stage, after: keyOf(row, length) } }));
  const last = rows.at(-1);
  if (rows.length >= mostRows(scan) && last !== undefined) {
    return { rows: found, next: { stage: position.stage, after: keyOf(last, length) } };
  }
  return { rows: found, next: behindWindow(scan, end) };
}

/** Where a list continues after a window that was read completely. */
function behindWindow({ plan, position }: Scan, end: PageKey | undefined): Position | undefined {
  if (end !== undefined) return { stage: position.stage, after: end };
  const next = position.stage + 1;
  return next < (plan.branches[0]?.stages.length ?? 0) ? { stage: next } : undefined;
}

/** Rows that the database may return: more than needed when our own code rejects some. */
function mostRows({ plan, room, window }: Scan): number {
  return plan.filter.checked.length === 0 ? room : Math.max(room, window);
}

/** The key of the last row of the window; `undefined` when the rest of the stage fits into it. */
export async function endOfWindow(
  sql: Sql,
  { plan, position, window }: Omit<Scan, "room">,
): Promise<PageKey | undefined> {
  const parts = partsOf(plan, position);
  const isSmall =
    plan.rare === undefined
      ? !parts.every(({ branch, stage }) => isWalked(plan.entity, stage, branch))
      : isReadAtOnce(plan, window);
  if (isSmall) return undefined;
  const selections = parts.map((part): Selection => {
    const { from, where } = sourceOf(plan, part);
    return {
      keys: part.stage.keys,
      columns: [],
      from,
      where: [...startOf(part.stage, position), ...where],
      most: window,
    };
  });
  const tail = { sql: "LIMIT 1 OFFSET ?", values: [window - 1] };
  const statement = selectMerged(selections, tail);
  const [row] = await sql.all(statement.sql, statement.values);
  return row === undefined ? undefined : keyOf(row, selections[0]?.keys.length ?? 0);
}

/** Few rows are sorted with everything selected, unless our own code has to check what each contains. */
function isReadAtOnce({ rare, filter }: SearchPlan, window: number): boolean {
  return filter.checked.length === 0 || rare === undefined || rare.count <= window;
}

/** How far a branch of a list has been read. */
interface Part {
  readonly branch: Branch;
  readonly stage: Stage;
}

function partsOf({ branches }: SearchPlan, position: Position): readonly Part[] {
  return branches.flatMap((branch) => {
    const stage = branch.stages[position.stage];
    return stage === undefined ? [] : [{ branch, stage }];
  });
}

function readRows(sql: Sql, scan: Scan, end: PageKey | undefined): Promise<readonly Row[]> {
  const { plan, position } = scan;
  const { filter } = plan;
  const columns = [
    { sql: "t.*", values: [] },
    ...filter.checked.map(({ sql: text, values }, index) => ({
      sql: `${text} AS check_${index}`,
      values,
    })),
  ];
  const most = mostRows(scan);
  const selections = partsOf(plan, position).map(({ branch, stage }): Selection => {
    const where = [
      ...conditionsOf({ plan, branch, stage, position, end }),
      ...joinsOf(plan, stage),
    ];
    return { keys: stage.keys, columns, from: fromOf(plan, stage), where, most };
  });
  const statement = selectMerged(selections, { sql: LIMIT, values: [most] });
  return sql.all(statement.sql, statement.values);
}

/** The tables of a stage. A database without statistics reads them in this order. */
export function fromOf({ rare, entity }: SearchPlan, { through }: Stage): Statement {
  const own = `${entity.table} t`;
  if (rare !== undefined) {
    const rest = through === undefined ? own : `${own} CROSS JOIN ${through.table}`;
    return {
      sql: `(SELECT DISTINCT f.id FROM (${rare.sql}) f) rare CROSS JOIN ${rest}`,
      values: rare.values,
    };
  }
  return { sql: through === undefined ? own : `${through.table} CROSS JOIN ${own}`, values: [] };
}

/** The conditions that join the tables of a stage. */
export function joinsOf({ rare, entity }: SearchPlan, { through }: Stage): readonly Statement[] {
  return [
    ...(rare === undefined ? [] : [{ sql: `${keyColumn(entity)} = rare.id`, values: [] }]),
    ...(through === undefined ? [] : [through.owned, through.where]),
  ];
}

interface Conditions extends Part {
  readonly plan: SearchPlan;
  readonly position: Position;
  readonly end: PageKey | undefined;
}

/** The conditions for the rows of a branch in a window: up to `end`, or to the end of the stage. */
export function conditionsOf({
  plan,
  branch: { within },
  stage,
  position,
  end,
}: Conditions): readonly Statement[] {
  return [
    // First: of several bounds SQLite uses the first for its index, and these are the tightest.
    ...startOf(stage, position),
    ...(end === undefined ? [] : [upTo(stage.keys, end)]),
    ...stage.where,
    ...(within === undefined ? [] : [within]),
    ...plan.conditions,
    ...plan.filter.conditions.filter((condition) => !stage.where.some(isSame(condition))),
  ];
}

function isSame(one: Statement): (other: Statement) => boolean {
  return ({ sql, values }) =>
    sql === one.sql && values.every((value, index) => value === one.values[index]);
}

/** What is scanned to find the end of a window: the few rows, or no more than the order's own index has. */
function sourceOf(
  plan: SearchPlan,
  { branch: { within, experimentCount }, stage }: Part,
): Pick<Selection, "from" | "where"> {
  const { through, where } = stage;
  if (plan.rare !== undefined) {
    const all = [...joinsOf(plan, stage), ...where, ...(within === undefined ? [] : [within])];
    return { from: fromOf(plan, stage), where: all };
  }
  if (through !== undefined) {
    return { from: { sql: through.table, values: [] }, where: [through.where] };
  }
  return {
    from: { sql: `${plan.entity.table} t`, values: [] },
    where: within !== undefined && experimentCount === 1 ? [...where, within] : where,
  };
}

function startOf({ keys }: Stage, { after }: Position): readonly Statement[] {
  return after === undefined ? [] : [behind(keys, after)];
}

function keyOf(row: Row, length: number): PageKey {
  return Array.from({ length }, (_, index) => row[`sort_${index}`] ?? null);
}
