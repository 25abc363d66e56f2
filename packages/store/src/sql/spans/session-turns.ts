import type { Assessment, Page, SessionTurn, Trace } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import type { TurnQuery } from "../../port/sessions.ts";
import type { Database, Row, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { searchPage } from "../search/search.ts";
import { placeholders, text } from "../values.ts";
import { loadReferences, unpackBody } from "./message-blobs.ts";
import { type SpanBody, toTrace } from "./span-rows.ts";
import { spanTimes } from "./spans-of-trace.ts";
import { traceRows } from "./trace-summary.ts";

const rowsOfTraces: EntityRows<Trace> = entityRows(ENTITIES.trace, { shape: toTrace });
const rowsOfAssessments: RecordRows<Assessment> = recordRows(PARTS.assessment);

/** The traces of a session with what went in and came out, oldest or newest first. */
export function listTurns(
  database: Database,
  { sessionId, newestFirst = false, ...page }: TurnQuery,
): Promise<Page<SessionTurn>> {
  const isOfSession = {
    field: { kind: "attribute", key: "sessionId" },
    operator: "=",
    value: sessionId,
  } as const;
  const order = [
    { field: { kind: "attribute", key: "startTime" }, descending: newestFirst },
  ] as const;
  const query = { ...page, where: [isOfSession], order };
  return searchPage(database, { entity: ENTITIES.trace, query }, loadTurns);
}

async function loadTurns(sql: Sql, rows: readonly Row[]): Promise<readonly SessionTurn[]> {
  const traces = await rowsOfTraces.load(sql, rows);
  const bodies = await rootBodies(sql, rows);
  const assessments = await assessmentsOf(
    sql,
    traces.map(({ id }) => id),
  );
  return traces.map((trace) => {
    const { input, output } = bodies.get(trace.id) ?? {};
    return {
      trace,
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
      assessments: assessments.get(trace.id) ?? [],
    };
  });
}

/** Bodies of the roots, or of what stands in for them, by the ids of their traces. */
async function rootBodies(sql: Sql, rows: readonly Row[]): Promise<ReadonlyMap<string, SpanBody>> {
  const traces = rows.map(traceRows.whole);
  if (traces.length === 0) return new Map();
  const found = await inChunks(
    traces.map(({ id, rootId, standInId = "" }) => [id, rootId ?? standInId]),
    (part) =>
      sql.all(
        `SELECT trace_id, body FROM spans WHERE (trace_id, id) IN (VALUES ${part.map(() => "(?, ?)").join(", ")})
         AND start_us BETWEEN ? AND ?`,
        [...part.flat(), ...spanTimes(traces)],
      ),
  );
  const blobs = await loadReferences(
    sql,
    found.map((row) => text(row, "body")),
  );
  return new Map(found.map((row) => [text(row, "trace_id"), unpackBody(text(row, "body"), blobs)]));
}

async function assessmentsOf(
  sql: Sql,
  traceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Assessment[]>> {
  const rows = await inChunks(traceIds, (part) =>
    sql.all(
      `SELECT * FROM assessments WHERE trace_id IN (${placeholders(part)}) ORDER BY created_us, id`,
      part,
    ),
  );
  return Map.groupBy(rows.map(rowsOfAssessments.record), ({ traceId }) => traceId);
}
