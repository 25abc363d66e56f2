import { type ErrorGroup, errorPattern } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { ErrorGroupQuery } from "../../port/traces.ts";
import type { Database, Row, Sql, Statement } from "../database.ts";
import { fingerprintOf } from "../spans/error-preview.ts";
import { spansOfTrace } from "../spans/spans-of-trace.ts";
import { number, text, toMillis } from "../values.ts";
import { allOf } from "./count.ts";
import { readFound } from "./walk.ts";

/** Longest message that is read. */
const LONGEST_MESSAGE = 2_000;
const FAILED = { sql: "t.error_count > 0", values: [] };

/** Failures by their patterns, the most frequent first. @throws RivuletError `deadline_exceeded` */
export async function groupErrors(
  database: Database,
  { experimentIds, limit, ...query }: ErrorGroupQuery,
): Promise<readonly ErrorGroup[]> {
  const search = { entity: ENTITIES.trace, query, experimentIds };
  const rows = await readFound(database, search, (sql, where) => groupWindow(sql, where));
  const parts = Map.groupBy(rows, (row) => text(row, "pattern"));
  const groups = [...parts.values()].map(addUp);
  groups.sort((a, b) => b.count - a.count || b.lastTime - a.lastTime);
  return groups.slice(0, limit);
}

/** A row for each pattern in a window of traces: whatever is longer than that stays there. */
async function groupWindow(sql: Sql, where: readonly Statement[]): Promise<readonly Row[]> {
  const { sql: condition, values } = allOf([FAILED, ...where]);
  const failures = await sql.all(
    `SELECT t.id AS trace_id, s.name AS span_name, s.start_us AS start_us,
       substr(s.status_message, 1, ${LONGEST_MESSAGE}) AS message
     FROM traces t JOIN spans s ON ${spansOfTrace("s", "t")} AND s.status = 'error' WHERE ${condition}`,
    values,
  );
  const patterns = Map.groupBy(failures, (row) => errorPattern(text(row, "message")));
  return [...patterns].map(([pattern, rows]): Row => {
    const starts = rows.map((row) => number(row, "start_us"));
    // An error that is passed on fails the spans around it, too: the innermost began last.
    const latest = rows.reduce((one, row) => (isLater(row, one) ? row : one));
    return {
      ...latest,
      pattern,
      count: new Set(rows.map((row) => text(row, "trace_id"))).size,
      first_us: starts.reduce((least, start) => Math.min(least, start)),
    };
  });
}

function isLater(one: Row, other: Row): boolean {
  return number(one, "start_us") > number(other, "start_us");
}

/** What several windows have of one pattern. */
function addUp(parts: readonly Row[]): ErrorGroup {
  const latest = parts.reduce((one, row) => (isLater(row, one) ? row : one));
  const pattern = text(latest, "pattern");
  return {
    fingerprint: fingerprintOf(pattern),
    pattern,
    count: parts.reduce((sum, part) => sum + number(part, "count"), 0),
    firstTime: toMillis(Math.min(...parts.map((part) => number(part, "first_us")))),
    lastTime: toMillis(latest["start_us"]),
    traceId: text(latest, "trace_id"),
    spanName: text(latest, "span_name"),
    message: text(latest, "message"),
  };
}
