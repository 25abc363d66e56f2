import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";
import type { SpanRecord } from "../port/records.ts";
import type { Insert, Sql } from "./database.ts";
import { text, toMicros } from "./values.ts";

const INSERT: Insert = {
  table: "experiments",
  columns: ["id", "name", "lifecycle", "created_us", "updated_us"],
  conflict: { key: ["name"], update: [] },
};

/**
 * The records with the ids of their experiments, where they know the name only. An experiment that is not
 * there is made; spans of one that was deleted go to the default experiment.
 */
export async function resolveExperiments(
  sql: Sql,
  records: readonly SpanRecord[],
): Promise<readonly SpanRecord[]> {
  const ids = new Map<string, string>();
  for (const record of records) {
    const { experimentName } = record;
    if (experimentName === undefined || ids.has(experimentName)) continue;
    ids.set(experimentName, await findOrMake(sql, experimentName, record));
  }
  if (ids.size === 0) return records;
  return records.map((record) => ({
    ...record,
    experimentId: ids.get(record.experimentName ?? "") ?? record.experimentId,
  }));
}

async function findOrMake(sql: Sql, name: string, record: SpanRecord): Promise<string> {
  const createdAt = toMicros(record.startTime);
  await sql.insert(INSERT, [[record.experimentId, name, "active", createdAt, createdAt]]);
  const [row = {}] = await sql.all("SELECT id, lifecycle FROM experiments WHERE name = ?", [name]);
  return text(row, "lifecycle") === "deleted" ? DEFAULT_EXPERIMENT_ID : text(row, "id");
}
