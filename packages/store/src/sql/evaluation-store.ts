import type { Evaluation, EvaluationRow, Page } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { EvaluationStore } from "../port/store.ts";
import type { Database, Insert, Row, Sql, SqlValue } from "./database.ts";
import { decodePageToken, encodePageToken } from "./page-token.ts";
import { inExperiments } from "./run-rows.ts";
import { searchRows } from "./search.ts";
import type { SearchTable } from "./search-table.ts";
import {
  microsOrNull,
  number,
  optionalMillis,
  optionalNumber,
  optionalText,
  orNull,
  parsed,
  present,
  text,
  toMicros,
  toMillis,
} from "./values.ts";

const table: SearchTable = {
  name: "evaluations",
  attributes: {
    id: { expression: "t.id", type: "text" },
    name: { expression: "t.name", type: "text" },
    status: { expression: "t.status", type: "text" },
    experimentId: { expression: "t.experiment_id", type: "text" },
    datasetName: { expression: "t.dataset_name", type: "text", nullable: true },
    datasetVersion: { expression: "t.dataset_version", type: "number", nullable: true },
    rowCount: { expression: "t.row_count", type: "number" },
    errorCount: { expression: "t.error_count", type: "number" },
    startTime: { expression: "t.start_us", type: "time" },
    endTime: { expression: "t.end_us", type: "time", nullable: true },
  },
  lookups: {},
  defaultOrder: [
    { column: "start_us", descending: true },
    { column: "id", descending: true },
  ],
  tieBreak: [{ column: "id", descending: true }],
};

const COLUMNS = [
  "id",
  "experiment_id",
  "name",
  "status",
  "start_us",
  "end_us",
  "dataset_name",
  "dataset_version",
  "row_count",
  "error_count",
  "scores",
  "metadata",
];

const INSERT_ROW: Insert = {
  table: "evaluation_rows",
  columns: ["evaluation_id", "row_id", "trial", "body"],
  conflict: { key: ["evaluation_id", "row_id", "trial"], update: ["body"] },
};

/** Evaluations and their rows in SQL. */
export function evaluationStore(database: Database): EvaluationStore {
  return {
    create: (evaluation) =>
      database.transaction(async (sql) => {
        await sql.insert({ table: "evaluations", columns: COLUMNS }, [toValues(evaluation)]);
      }),
    async get(id) {
      const [row] = await database.all("SELECT * FROM evaluations WHERE id = ?", [id]);
      return row && toEvaluation(row);
    },
    update: (evaluation) =>
      database.transaction(async (sql) => {
        const [id = null, ...values] = toValues(evaluation);
        const set = COLUMNS.slice(1).map((column) => `${column} = ?`);
        const statement = `UPDATE evaluations SET ${set.join(", ")} WHERE id = ?`;
        if ((await sql.run(statement, [...values, id])) > 0) return;
        throw new RivuletError("not_found", `No evaluation has the id "${evaluation.id}".`, {
          details: { id: evaluation.id },
        });
      }),
    addRows: (rows) =>
      database.transaction(async (sql) => {
        const keyed = rows.map((row) => [row.evaluationId, row.rowId, row.trial] as const);
        const last = new Map(
          rows.map((row, index) => [JSON.stringify(keyed[index]), { key: keyed[index], row }]),
        );
        await sql.insert(
          INSERT_ROW,
          [...last.values()].map(({ key = [], row }) => [...key, JSON.stringify(row)]),
        );
      }),
    listRows: (query) => listRows(database, query),
    async search({ experimentIds, ...query }) {
      const conditions = inExperiments(experimentIds);
      const { items, ...rest } = await searchRows(database, { table, query, conditions });
      return { items: items.map(toEvaluation), ...rest };
    },
  };
}

function toValues(evaluation: Evaluation): readonly SqlValue[] {
  return [
    evaluation.id,
    evaluation.experimentId,
    evaluation.name,
    evaluation.status,
    toMicros(evaluation.startTime),
    microsOrNull(evaluation.endTime),
    orNull(evaluation.datasetName),
    orNull(evaluation.datasetVersion),
    evaluation.rowCount,
    evaluation.errorCount,
    JSON.stringify(evaluation.scores),
    JSON.stringify(evaluation.metadata),
  ];
}

async function listRows(
  sql: Sql,
  { evaluationId, limit, pageToken }: { evaluationId: string; limit: number; pageToken?: string },
): Promise<Page<EvaluationRow>> {
  const after: readonly SqlValue[] =
    pageToken === undefined ? [] : decodePageToken(pageToken, { shape: "rows", length: 2 });
  const rows = await sql.all(
    `SELECT * FROM evaluation_rows WHERE evaluation_id = ?${
      after.length > 0 ? " AND (row_id, trial) > (?, ?)" : ""
    } ORDER BY row_id, trial LIMIT ?`,
    [evaluationId, ...after, limit + 1],
  );
  const items = rows.slice(0, limit).map((row) => parsed<EvaluationRow>(row, "body"));
  const last = items.at(-1);
  return rows.length <= limit || last === undefined
    ? { items }
    : { items, nextPageToken: encodePageToken("rows", [last.rowId, last.trial]) };
}

function toEvaluation(row: Row): Evaluation {
  return present<Evaluation>({
    id: text(row, "id"),
    experimentId: text(row, "experiment_id"),
    name: text(row, "name"),
    status: text(row, "status") as Evaluation["status"],
    startTime: toMillis(row["start_us"]),
    endTime: optionalMillis(row, "end_us"),
    datasetName: optionalText(row, "dataset_name"),
    datasetVersion: optionalNumber(row, "dataset_version"),
    rowCount: number(row, "row_count"),
    errorCount: number(row, "error_count"),
    scores: parsed(row, "scores"),
    metadata: parsed(row, "metadata"),
  });
}
