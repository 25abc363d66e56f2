import type { DatasetRecordInput, JsonObject, JsonValue } from "@rivulet/core";
import { fieldsIn } from "./meta-fields.ts";
import type { SourceDataset } from "./source.ts";
import { numberIn, optionalIn, type Row, type Rows, textIn } from "./sqlite-rows.ts";

/** Says what cannot be read. */
type Skip = (path: string, why: string) => void;

/** An evaluation dataset; its records are read when they are asked for. */
export function readDataset(
  row: Row,
  { rows, skip }: { readonly rows: Rows; readonly skip: Skip },
  path: string,
): SourceDataset {
  const id = textIn(row, "dataset_id");
  const createdAt = numberIn(row, "created_time") ?? 0;
  const experiments = [
    ...rows.each(
      "entity_associations",
      "WHERE source_type = 'evaluation_dataset' AND destination_type = 'experiment' AND source_id = ? ORDER BY destination_id",
      id,
    ),
  ].map((one) => textIn(one, "destination_id"));
  return {
    name: textIn(row, "name"),
    createdAt,
    updatedAt: numberIn(row, "last_update_time") ?? createdAt,
    tags: {
      ...rows.pairs("evaluation_dataset_tags", "dataset_id = ?", id),
      ...(experiments.length === 0 ? {} : { "mlflow.experimentIds": experiments.join() }),
    },
    records: recordsOf(id, rows, (record, why) => skip(`${path}, record ${record}`, why)),
    path,
  };
}

function* recordsOf(id: string, rows: Rows, skip: Skip): Iterable<DatasetRecordInput> {
  const rest = "WHERE dataset_id = ? ORDER BY created_time, dataset_record_id";
  for (const row of rows.each("evaluation_dataset_records", rest, id)) {
    try {
      yield recordOf(row);
    } catch {
      skip(textIn(row, "dataset_record_id"), "is not of JSON");
    }
  }
}

/** What a record of ours has no field for is among its facts. */
function recordOf(row: Row): DatasetRecordInput {
  const expectations = jsonIn(row, "expectations") ?? null;
  const outputs = unwrapped(jsonIn(row, "outputs") ?? null);
  const source = jsonIn(row, "source");
  const traceId = row["source_type"] === "TRACE" ? optionalIn(row, "source_id") : undefined;
  const metadata: JsonObject = {
    ...(fieldsIn(jsonIn(row, "tags")) as JsonObject),
    ...(outputs === null || isEmpty(outputs) ? {} : { "mlflow.outputs": outputs }),
    ...(source === undefined || source === null ? {} : { "mlflow.source": source }),
  };
  return {
    inputs: unwrapped(jsonIn(row, "inputs") ?? null),
    ...(expectations === null || isEmpty(expectations) ? {} : { expectations }),
    metadata,
    ...(traceId === undefined ? {} : { sourceTraceId: traceId.replace(/^tr-/, "") }),
  };
}

function jsonIn(row: Row, column: string): JsonValue | undefined {
  const text = optionalIn(row, column);
  return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
}

function isEmpty(value: JsonValue): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** MLflow wraps what is no object. */
function unwrapped(value: JsonValue): JsonValue {
  const wrapped = fieldsIn(value)["mlflow_wrapped"];
  return wrapped === undefined ? value : (wrapped as JsonValue);
}
