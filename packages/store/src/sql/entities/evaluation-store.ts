import type { Evaluation, EvaluationRow } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import type { EvaluationStore } from "../../port/store.ts";
import type { Database } from "../database.ts";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { readPage } from "../search/read-page.ts";

const evaluations: EntityRows<Evaluation> = entityRows(ENTITIES.evaluation);
const parts: RecordRows<EvaluationRow> = recordRows(PARTS.evaluationRow);

/** Evaluations and their rows in SQL. */
export function evaluationStore(database: Database): EvaluationStore {
  return {
    create: (evaluation) => database.transaction((sql) => evaluations.create(sql, evaluation)),
    get: (id) => database.snapshot((sql) => evaluations.find(sql, [id])),
    update: (evaluation) =>
      database.transaction(async (sql) => {
        await evaluations.hold(sql, [evaluation.id]);
        await sql.insert(evaluations.upsert, [evaluations.values(evaluation)]);
      }),
    addRows: (rows) =>
      database.transaction(async (sql) => {
        const last = new Map(
          rows.map((row) => [JSON.stringify([row.evaluationId, row.rowId, row.trial]), row]),
        );
        await sql.insert(parts.upsert, [...last.values()].map(parts.values));
      }),
    getRow: ({ evaluationId, rowId, trial }) =>
      database.snapshot(async (sql) => {
        const [row] = await sql.all(
          "SELECT * FROM evaluation_rows WHERE evaluation_id = ? AND row_id = ? AND trial = ?",
          [evaluationId, rowId, trial],
        );
        return row === undefined ? undefined : parts.record(row);
      }),
    async listRows({ evaluationId, ...page }) {
      const list = {
        // Rows of earlier versions have no position.
        table: "(SELECT r.*, COALESCE(r.position, -1) AS place FROM evaluation_rows r) t",
        within: { sql: "evaluation_id = ?", values: [evaluationId] },
        order: ["place", "row_id", "trial"],
      };
      return readPage(database, { ...list, page, read: parts.record });
    },
    search: ({ experimentIds, ...query }) => evaluations.search(database, { query, experimentIds }),
  };
}
