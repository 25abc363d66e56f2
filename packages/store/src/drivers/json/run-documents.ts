import type { Row, Sql } from "../../sql/database.ts";
import { text } from "../../sql/values.ts";
import { INPUT_DATASETS, INPUTS, LOGGED_MODELS, MODEL_METRICS, TAGS } from "./file-kinds.ts";
import { breakLines } from "./long-text.ts";
import { type Document, document, rowsOf } from "./row-documents.ts";

/** What a run was given, each with what is known of the dataset. */
export async function inputDocuments(sql: Sql, runId: string): Promise<readonly Document[]> {
  const inputs = await rowsOf(sql, INPUTS, { where: { run_id: runId } });
  const described: Document[] = [];
  for (const input of inputs) {
    const { experiment_id = null, name = null, digest = null } = input;
    const where = { experiment_id, name, digest };
    const [dataset] = await rowsOf(sql, INPUT_DATASETS, { where });
    described.push({
      ...document(INPUTS, input),
      ...(dataset && { dataset: document(INPUT_DATASETS, dataset) }),
    });
  }
  return described;
}

/** The models that a run has made, oldest first. */
export async function modelDocuments(sql: Sql, runId: string): Promise<readonly Document[]> {
  const models = await rowsOf(sql, LOGGED_MODELS, {
    where: { run_id: runId },
    order: "created_us, id",
  });
  const documents: Document[] = [];
  for (const model of models) documents.push(await modelDocument(sql, model));
  return documents;
}

async function modelDocument(sql: Sql, model: Row): Promise<Document> {
  const id = text(model, "id");
  const tags = await rowsOf(sql, TAGS, { where: { entity: "loggedModel", owner: id } });
  const params = await sql.all(
    "SELECT key, value FROM model_params WHERE model_id = ? ORDER BY key",
    [id],
  );
  const metrics = await rowsOf(sql, MODEL_METRICS, { where: { model_id: id } });
  return {
    ...document(LOGGED_MODELS, model),
    ...unlessEmpty("tags", tags),
    ...unlessEmpty("params", params),
    ...(metrics.length > 0 && { metrics: metrics.map((one) => document(MODEL_METRICS, one)) }),
  };
}

function unlessEmpty(name: string, rows: readonly Row[]): Document {
  if (rows.length === 0) return {};
  const entries = rows.map((row) => [text(row, "key"), breakLines(text(row, "value"))]);
  return { [name]: Object.fromEntries(entries) };
}
