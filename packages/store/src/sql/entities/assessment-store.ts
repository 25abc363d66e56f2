import type { Assessment } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import type { AssessmentStore } from "../../port/store.ts";
import type { Database, Sql } from "../database.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { placeholders, text } from "../values.ts";
import { lookAgain } from "./held-traces.ts";
import { noTrace } from "./trace-store.ts";

const rows: RecordRows<Assessment> = recordRows(PARTS.assessment);

/** Assessments in SQL. */
export function assessmentStore(database: Database): AssessmentStore {
  return {
    add: (assessments) =>
      database.transaction(async (sql) => {
        await requireTraces(sql, [...new Set(assessments.map(({ traceId }) => traceId))].sort());
        await sql.insert(rows.insert, assessments.map(rows.values));
      }),
    async list({ traceIds }) {
      if (traceIds.length === 0) return [];
      const found = await database.all(
        `SELECT * FROM assessments WHERE trace_id IN (${placeholders(traceIds)}) ORDER BY created_us, id`,
        traceIds,
      );
      return found.map(rows.record);
    },
    delete: (id) =>
      database.transaction(async (sql) => {
        await lookAgain(sql, {
          sql: "SELECT trace_id FROM assessments WHERE id = ?",
          values: [id],
        });
        if ((await sql.run("DELETE FROM assessments WHERE id = ?", [id])) > 0) return;
        throw new RivuletError("not_found", `No assessment has the id "${id}".`, {
          details: { id },
        });
      }),
  };
}

/** Locks the traces so that they exist until the transaction ends. */
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
