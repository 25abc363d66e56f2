import type { DatasetSummary, InputDataset, Page, RunInput } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import type { InputDatasetsQuery, RunInputsQuery, RunInputsWrite } from "../../port/run-inputs.ts";
import type { Database, Row, Sql } from "../database.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { readPage } from "../search/read-page.ts";
import { LIMIT, placeholders, text } from "../values.ts";

const datasets: RecordRows<InputDataset> = recordRows(PARTS.inputDataset);
const inputs: RecordRows<Omit<RunInput, "dataset" | "context">> = recordRows(PARTS.runInput);

/** Adds inputs to a run of an experiment. A dataset that the experiment knows keeps its description. */
export async function insertInputs(
  sql: Sql,
  experimentId: string,
  { runId, inputs: given }: RunInputsWrite,
): Promise<void> {
  const described = new Map(
    given.map(({ dataset }) => [JSON.stringify([dataset.name, dataset.digest]), dataset]),
  );
  const descriptions = [...described.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  if (descriptions.length === 0) return;
  await sql.insert(
    datasets.keep,
    descriptions.map(([, dataset]) => datasets.values({ ...dataset, experimentId })),
  );
  const rows = new Map(
    given.map(({ dataset: { name, digest }, context = "", ...input }) => [
      JSON.stringify([name, digest, context]),
      { ...input, runId, experimentId, name, digest, context },
    ]),
  );
  await sql.insert(inputs.upsert, [...rows.values()].map(inputs.values));
}

/** The inputs of a run, by name, digest and context. */
export function listInputs(
  database: Database,
  { runId, ...page }: RunInputsQuery,
): Promise<Page<RunInput>> {
  return database.snapshot(async (sql) => {
    const found = await readPage(sql, {
      table: "run_inputs",
      within: { sql: "run_id = ?", values: [runId] },
      order: ["name", "digest", "context"],
      page,
      read: (row) => row,
    });
    const descriptions = await loadDatasets(sql, found.items);
    return { ...found, items: found.items.map((row) => inputOf(row, descriptions)) };
  });
}

/** The datasets that runs of some experiments were given. */
export async function listInputDatasets(
  database: Database,
  { experimentIds, limit }: InputDatasetsQuery,
): Promise<readonly DatasetSummary[]> {
  const within =
    experimentIds.length === 0 ? "" : `WHERE experiment_id IN (${placeholders(experimentIds)})`;
  const rows = await database.all(
    `SELECT DISTINCT experiment_id, name, digest, context FROM run_inputs ${within}
     ORDER BY experiment_id, name, digest, context ${LIMIT}`,
    [...experimentIds, limit],
  );
  return rows.map((row) => ({
    experimentId: text(row, "experiment_id"),
    name: text(row, "name"),
    digest: text(row, "digest"),
    ...contextOf(row),
  }));
}

async function loadDatasets(
  sql: Sql,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, InputDataset>> {
  const [first] = rows;
  if (first === undefined) return new Map();
  const pairs = rows.map(() => "(name = ? AND digest = ?)").join(" OR ");
  const found = await sql.all(
    `SELECT * FROM input_datasets WHERE experiment_id = ? AND (${pairs})`,
    [
      text(first, "experiment_id"),
      ...rows.flatMap((row) => [text(row, "name"), text(row, "digest")]),
    ],
  );
  return new Map(found.map((row) => [placeOf(row), datasets.record(row)]));
}

function placeOf(row: Row): string {
  return JSON.stringify([text(row, "name"), text(row, "digest")]);
}

function inputOf(row: Row, descriptions: ReadonlyMap<string, InputDataset>): RunInput {
  const dataset = descriptions.get(placeOf(row)) ?? {
    name: text(row, "name"),
    digest: text(row, "digest"),
    sourceType: "",
    source: "",
  };
  return { ...inputs.record(row), dataset, ...contextOf(row) };
}

function contextOf(row: Row): { readonly context?: string } {
  const context = text(row, "context");
  return context === "" ? {} : { context };
}
