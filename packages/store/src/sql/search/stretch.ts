import type { Row, Sql, Statement } from "../database.ts";
import { keyColumn } from "./key-column.ts";
import { behind, type PageKey, upTo } from "./keyset.ts";
import type { Stage } from "./order.ts";
import { isWalked } from "./order-index.ts";
import type { SearchPlan } from "./plan.ts";

/** A place in a list. */
export interface Position {
  readonly stage: number;
  /** What the row in front of it is sorted by; left out at the start of the stage. */
  readonly after?: PageKey;
}

/** What {@link readStretch} reads. */
export interface Stretch {
  readonly plan: SearchPlan;
  readonly position: Position;
  /** The most rows that it gives. */
  readonly room: number;
  /** The most rows that it looks at, when they have to be looked at one by one. */
  readonly window: number;
}

/** What was found in a stretch. */
export interface ReadStretch {
  readonly rows: readonly { readonly row: Row; readonly position: Position }[];
  /** Where the next one begins; undefined at the end of the list. */
  readonly next: Position | undefined;
}

/** Looks at the rows of a list from a position on: at a window of them where a filter may refuse many, else at all. */
export async function readStretch(sql: Sql, stretch: Stretch): Promise<ReadStretch> {
  const { plan, position } = stretch;
  const stage = plan.stages[position.stage];
  if (stage === undefined) return { rows: [], next: undefined };
  const isFiltered = plan.filter.conditions.length + plan.conditions.length > 0;
  const end = isFiltered ? await endOfWindow(sql, stretch, stage) : undefined;
  const rows = await readRows(sql, { ...stretch, stage, end });
  const found = rows
    .filter((row) => plan.filter.check(row))
    .map((row) => ({ row, position: { stage: position.stage, after: keyOf(row, stage) } }));
  return { rows: found, next: nextPosition({ ...stretch, rows, end, stage }) };
}

interface Outcome extends Stretch {
  readonly rows: readonly Row[];
  readonly end: PageKey | undefined;
  readonly stage: Stage;
}

function nextPosition(outcome: Outcome): Position | undefined {
  const { plan, rows, end, position, stage } = outcome;
  const last = rows.at(-1);
  if (rows.length >= mostRows(outcome) && last !== undefined) {
    return { stage: position.stage, after: keyOf(last, stage) };
  }
  if (end !== undefined) return { stage: position.stage, after: end };
  const next = position.stage + 1;
  return next < plan.stages.length ? { stage: next } : undefined;
}

/** Rows that a database may give: more than there is room for where our own code refuses some of them. */
function mostRows({ plan, room, window }: Stretch): number {
  return plan.filter.checked.length === 0 ? room : Math.max(room, window);
}

/** The key of the last row of the window; undefined when the rest of the stage is no larger than it. */
export async function endOfWindow(
  sql: Sql,
  { plan, position, window }: Omit<Stretch, "room">,
  stage: Stage,
): Promise<PageKey | undefined> {
  if (plan.rare === undefined ? !isWalked(stage, plan) : isReadAtOnce(plan, window)) {
    return undefined;
  }
  const { from, where } = sourceOf(stage, plan);
  const statement = selectSorted(stage, {
    columns: [],
    from,
    where: [...where, ...startOf(stage, position)],
    tail: { sql: "LIMIT 1 OFFSET ?", values: [window - 1] },
  });
  const [row] = await sql.all(statement.sql, statement.values);
  return row === undefined ? undefined : keyOf(row, stage);
}

/** Few rows are sorted with all that is selected, unless our own code has to look at what each holds. */
function isReadAtOnce({ rare, filter }: SearchPlan, window: number): boolean {
  return filter.checked.length === 0 || rare === undefined || rare.count <= window;
}

interface Reading extends Stretch {
  readonly stage: Stage;
  readonly end: PageKey | undefined;
}

function readRows(sql: Sql, reading: Reading): Promise<readonly Row[]> {
  const { plan, position, stage, end } = reading;
  const { filter } = plan;
  const statement = selectSorted(stage, {
    columns: [
      { sql: "t.*", values: [] },
      ...filter.checked.map(({ sql: text, values }, index) => ({
        sql: `${text} AS check_${index}`,
        values,
      })),
    ],
    from: fromOf(plan, stage),
    where: [...joinsOf(plan, stage), ...conditionsOf({ plan, position, stage, end })],
    tail: { sql: "LIMIT ?", values: [mostRows(reading)] },
  });
  return sql.all(statement.sql, statement.values);
}

/** The order of the tables is the order in which a database without statistics reads them. */
function fromOf({ rare, entity }: SearchPlan, { through }: Stage): Statement {
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

function joinsOf({ rare, entity }: SearchPlan, { through }: Stage): readonly Statement[] {
  return [
    ...(rare === undefined ? [] : [{ sql: `${keyColumn(entity)} = rare.id`, values: [] }]),
    ...(through === undefined ? [] : [through.owned, through.where]),
  ];
}

/** What holds of the rows of a stretch: up to `end`, or to the end of the stage. */
export function conditionsOf({
  plan,
  position,
  stage,
  end,
}: Omit<Reading, "room" | "window">): readonly Statement[] {
  return [
    ...stage.where,
    ...(plan.within === undefined ? [] : [plan.within]),
    ...plan.conditions,
    ...plan.filter.conditions,
    ...startOf(stage, position),
    ...(end === undefined ? [] : [upTo(stage.keys, end)]),
  ];
}

/** What is walked to find the end of a window: the few rows there are, or no more than the order's own index has. */
function sourceOf(stage: Stage, plan: SearchPlan): Pick<Selection, "from" | "where"> {
  const { through, where } = stage;
  const { entity, within, experimentCount, rare } = plan;
  if (rare !== undefined) {
    const all = [...joinsOf(plan, stage), ...where, ...(within === undefined ? [] : [within])];
    return { from: fromOf(plan, stage), where: all };
  }
  if (through !== undefined) {
    return { from: { sql: through.table, values: [] }, where: [through.where] };
  }
  return {
    from: { sql: `${entity.table} t`, values: [] },
    where: within !== undefined && experimentCount === 1 ? [...where, within] : where,
  };
}

function startOf({ keys }: Stage, { after }: Position): readonly Statement[] {
  return after === undefined ? [] : [behind(keys, after)];
}

interface Selection {
  readonly columns: readonly Statement[];
  readonly from: Statement;
  readonly where: readonly Statement[];
  readonly tail: Statement;
}

function selectSorted({ keys }: Stage, { columns, from, where, tail }: Selection): Statement {
  const sorted = keys.map(({ expression, values }, index) => ({
    sql: `${expression} AS sort_${index}`,
    values,
  }));
  const order = keys.map(({ expression, values, descending }) => ({
    sql: `${expression} ${descending ? "DESC" : "ASC"}`,
    values,
  }));
  const selected = [...columns, ...sorted];
  const conditions = where.map(({ sql, values }) => ({ sql: `(${sql})`, values }));
  const text = [
    `SELECT ${selected.map(({ sql }) => sql).join(", ")} FROM ${from.sql}`,
    conditions.length === 0 ? "" : `WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`,
    `ORDER BY ${order.map(({ sql }) => sql).join(", ")}`,
    tail.sql,
  ];
  return {
    sql: text.join(" "),
    values: [...selected, from, ...conditions, ...order, tail].flatMap(({ values }) => values),
  };
}

function keyOf(row: Row, { keys }: Stage): PageKey {
  return keys.map((_, index) => row[`sort_${index}`] ?? null);
}
