import type { Assessment } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { AssessmentStore } from "../port/store.ts";
import type { Database, Insert, Row, Sql, SqlValue } from "./database.ts";
import { noTrace } from "./trace-store.ts";
import { optionalText, orNull, parsed, placeholders, text, toMicros, toMillis } from "./values.ts";

const INSERT: Insert = {
  table: "assessments",
  columns: [
    "id",
    "trace_id",
    "span_id",
    "kind",
    "name",
    "value",
    "source",
    "source_id",
    "rationale",
    "error",
    "metadata",
    "run_id",
    "created_us",
  ],
};

/** Judgements on traces, in SQL. */
export function assessmentStore(database: Database): AssessmentStore {
  return {
    add: (assessments) =>
      database.transaction(async (sql) => {
        await requireTraces(sql, [...new Set(assessments.map(({ traceId }) => traceId))].sort());
        await sql.insert(INSERT, assessments.map(toValues));
      }),
    async list({ traceIds }) {
      if (traceIds.length === 0) return [];
      const rows = await database.all(
        `SELECT * FROM assessments WHERE trace_id IN (${placeholders(traceIds)}) ORDER BY created_us, id`,
        traceIds,
      );
      return rows.map(toAssessment);
    },
    delete: (id) =>
      database.transaction(async (sql) => {
        if ((await sql.run("DELETE FROM assessments WHERE id = ?", [id])) > 0) return;
        throw new RivuletError("not_found", `No assessment has the id "${id}".`, {
          details: { id },
        });
      }),
  };
}

/** The traces stay there until the transaction ends. */
async function requireTraces(sql: Sql, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await sql.all(
    `SELECT id FROM traces WHERE id IN (${placeholders(ids)}) ORDER BY id ${sql.dialect.forShare}`,
    ids,
  );
  const known = new Set(rows.map((row) => text(row, "id")));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw noTrace(missing);
}

function toValues(assessment: Assessment): readonly SqlValue[] {
  return [
    assessment.id,
    assessment.traceId,
    orNull(assessment.spanId),
    assessment.kind,
    assessment.name,
    JSON.stringify(assessment.value),
    assessment.source,
    orNull(assessment.sourceId),
    orNull(assessment.rationale),
    orNull(assessment.error),
    JSON.stringify(assessment.metadata),
    orNull(assessment.runId),
    toMicros(assessment.createdAt),
  ];
}

function toAssessment(row: Row): Assessment {
  const optional = {
    spanId: optionalText(row, "span_id"),
    sourceId: optionalText(row, "source_id"),
    rationale: optionalText(row, "rationale"),
    error: optionalText(row, "error"),
    runId: optionalText(row, "run_id"),
  };
  const known = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    id: text(row, "id"),
    traceId: text(row, "trace_id"),
    kind: text(row, "kind") as Assessment["kind"],
    name: text(row, "name"),
    // A value may be null, which is a value.
    value: parsed(row, "value"),
    source: text(row, "source") as Assessment["source"],
    metadata: parsed(row, "metadata"),
    createdAt: toMillis(row["created_us"]),
    ...Object.fromEntries(known),
  };
}
