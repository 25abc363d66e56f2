import type { Assessment } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { AssessmentStore } from "../port/store.ts";
import type { Row, SqlConnection } from "./sql-connection.ts";
import { noTrace } from "./trace-store.ts";
import { optionalText, orNull, parsed, placeholders, text, toMicros, toMillis } from "./values.ts";

/** Judgements on traces, in SQL. */
export function assessmentStore(sql: SqlConnection): AssessmentStore {
  return {
    add: (assessments) =>
      sql.transaction(async () => {
        for (const assessment of assessments) await insert(sql, assessment);
      }),
    async list({ traceIds }) {
      if (traceIds.length === 0) return [];
      const rows = await sql.all(
        `SELECT * FROM assessments WHERE trace_id IN (${placeholders(traceIds)}) ORDER BY created_us, id`,
        traceIds,
      );
      return rows.map(toAssessment);
    },
    delete: (id) =>
      sql.transaction(async () => {
        if ((await sql.run("DELETE FROM assessments WHERE id = ?", [id])) > 0) return;
        throw new RivuletError("not_found", `No assessment has the id "${id}".`, {
          details: { id },
        });
      }),
  };
}

async function insert(sql: SqlConnection, assessment: Assessment): Promise<void> {
  const [trace] = await sql.all("SELECT 1 FROM traces WHERE id = ?", [assessment.traceId]);
  if (trace === undefined) throw noTrace(assessment.traceId);
  await sql.run("INSERT INTO assessments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
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
  ]);
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
