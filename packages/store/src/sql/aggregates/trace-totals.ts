import type { FeedbackSummary, TokenUsage, TraceTotals } from "@rivulet/domain";
import { ENTITIES, USAGE_FIELDS } from "@rivulet/domain/entities";
import type { Row, Sql, SqlValue, Statement } from "../database.ts";
import type { Dialect } from "../dialect.ts";
import { inChunks } from "../in-chunks.ts";
import { beginning, columnName, columnOf } from "../kit/declared-table.ts";
import { number, optionalNumber, placeholders, text, toMillis } from "../values.ts";

/** Whose traces are summed up. */
export interface TotalsQuery {
  /** Field of traces with the id of the session or user. */
  readonly field: "sessionId" | "userId";
  readonly ids: readonly string[];
  /** Experiments whose traces count; empty for all. */
  readonly experimentIds: readonly string[];
}

/** Totals, and what only sessions or users have. */
export interface OwnTotals {
  readonly totals: TraceTotals;
  readonly sessionCount: number;
}

/** Columns of the token counts of traces. */
export const USAGE_COLUMNS: readonly string[] = USAGE_FIELDS.map((field) =>
  columnName(field, "integer?"),
);

/** Totals of sessions or users that have traces, by their ids. */
export async function traceTotals(
  sql: Sql,
  query: TotalsQuery,
): Promise<ReadonlyMap<string, OwnTotals>> {
  const rows = await inChunks(query.ids, (ids) => sumTraces(sql, { ...query, ids }));
  const feedback = Map.groupBy(
    await inChunks(query.ids, (ids) => sumFeedback(sql, { ...query, ids })),
    (row) => text(row, "owner"),
  );
  return new Map(
    rows.map((row) => {
      const owner = text(row, "owner");
      const totals = { ...totalsOf(row), feedback: feedbackOf(feedback.get(owner) ?? []) };
      return [owner, { totals, sessionCount: number(row, "sessions") }];
    }),
  );
}

/** The condition that a trace belongs to one of some owners, written so that the index on them is used. */
function ownedBy({ field, ids, experimentIds }: TotalsQuery): Statement {
  const column = `t.${columnOf(ENTITIES.trace, field)}`;
  const list = placeholders(ids);
  const isCut = ENTITIES.trace.indexes?.some(({ on, cut }) => on[0] === field && cut === true);
  const begins =
    isCut === true
      ? `${beginning(column)} IN (${ids.map(() => beginning("CAST(? AS TEXT)")).join(", ")}) AND `
      : "";
  const within =
    experimentIds.length === 0 ? "" : ` AND t.experiment_id IN (${placeholders(experimentIds)})`;
  return {
    sql: `${begins}${column} IN (${list})${within}`,
    values: [...(isCut === true ? ids : []), ...ids, ...experimentIds],
  };
}

function sumTraces(sql: Sql, query: TotalsQuery): Promise<readonly Row[]> {
  const owned = ownedBy(query);
  const sums = [...USAGE_COLUMNS, "cost"].map((column) => `SUM(t.${column}) AS ${column}`);
  const owner = `t.${columnOf(ENTITIES.trace, query.field)}`;
  return sql.all(
    `SELECT ${owner} AS owner, MIN(t.start_us) AS first_us, MAX(t.start_us) AS last_us, COUNT(*) AS traces,
       SUM(CASE WHEN t.status = 'error' THEN 1 ELSE 0 END) AS errors,
       AVG(t.end_us - t.start_us) AS mean_us, MAX(t.end_us - t.start_us) AS max_us,
       ${query.field === "userId" ? "COUNT(DISTINCT t.session_id)" : "1"} AS sessions, ${sums.join(", ")}
     FROM traces t WHERE ${owned.sql} GROUP BY ${owner}`,
    owned.values,
  );
}

function sumFeedback(sql: Sql, query: TotalsQuery): Promise<readonly Row[]> {
  const owned = ownedBy(query);
  const owner = `t.${columnOf(ENTITIES.trace, query.field)}`;
  const value = feedbackNumber(sql.dialect);
  return sql.all(
    `SELECT ${owner} AS owner, a.name AS name, COUNT(*) AS count, COUNT(${value}) AS numbers, SUM(${value}) AS sum
     FROM traces t JOIN assessments a ON a.trace_id = t.id
     WHERE a.kind = 'feedback' AND ${owned.sql} GROUP BY ${owner}, a.name`,
    owned.values,
  );
}

/** The value of the assessment `a` as a number: true is 1 and false is 0. */
export function feedbackNumber({ json }: Dialect): string {
  const value = json.value("a.value");
  return `CASE ${value.text} WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 ELSE ${value.number} END`;
}

function totalsOf(row: Row): Omit<TraceTotals, "feedback"> {
  const [mean, max] = [optionalNumber(row, "mean_us"), optionalNumber(row, "max_us")];
  const cost = optionalNumber(row, "cost");
  return {
    firstTraceTime: toMillis(row["first_us"]),
    lastTraceTime: toMillis(row["last_us"]),
    traceCount: number(row, "traces"),
    errorCount: number(row, "errors"),
    ...(mean === undefined || max === undefined
      ? {}
      : { durationMs: { mean: Math.round(mean) / 1000, max: max / 1000 } }),
    usage: usageIn(row),
    ...(cost === undefined ? {} : { cost }),
  };
}

/** The token sums in the columns of a row. */
function usageIn(row: Row): TokenUsage {
  const known = USAGE_FIELDS.map((field, index): [string, SqlValue | undefined] => [
    field,
    row[USAGE_COLUMNS[index] ?? ""],
  ]).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(known.map(([field, value]) => [field, Number(value)]));
}

/** Rows with `name`, `count`, `numbers` and `sum` as summaries by name; several rows of a name are added up. */
export function feedbackOf(rows: readonly Row[]): Readonly<Record<string, FeedbackSummary>> {
  const names = Map.groupBy(rows, (row) => text(row, "name"));
  return Object.fromEntries(
    [...names].map(([name, parts]): [string, FeedbackSummary] => {
      const total = (column: string): number =>
        parts.reduce((sum, part) => sum + number(part, column), 0);
      const numbers = total("numbers");
      const count = total("count");
      return [name, numbers === 0 ? { count } : { count, mean: total("sum") / numbers }];
    }),
  );
}
