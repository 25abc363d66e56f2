import type { Experiment } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { SpanRecord } from "../../port/records.ts";
import type { Row, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { placeholders, text } from "../values.ts";

const experiments: RecordRows<Experiment> = recordRows(ENTITIES.experiment);

/** Records with the ids of their experiments. */
export interface NamedRecords {
  readonly records: readonly SpanRecord[];
  /** Ids of the experiments that were created. */
  readonly made: readonly string[];
}

/**
 * The records with the ids of their experiments, where they know the name only. An experiment that is not
 * there is made; one that was deleted is meant all the same. Where the id is taken, its experiment has got
 * another name since, and is the one that is meant.
 */
export async function resolveExperiments(
  sql: Sql,
  records: readonly SpanRecord[],
): Promise<NamedRecords> {
  const first = new Map<string, SpanRecord>();
  for (const record of records) {
    const { experimentName } = record;
    if (experimentName !== undefined && !first.has(experimentName))
      first.set(experimentName, record);
  }
  if (first.size === 0) return { records, made: [] };
  const names = [...first.keys()].sort();
  const ids = idsOf(await findByName(sql, names));
  const missing = names.filter((name) => !ids.has(name));
  await makeExperiments(sql, missing, first);
  const added = idsOf(await findByName(sql, missing));
  return {
    records: records.map((record) => {
      const { experimentName = "" } = record;
      const experimentId = ids.get(experimentName) ?? added.get(experimentName);
      return experimentId === undefined ? record : { ...record, experimentId };
    }),
    made: [...added].flatMap(([name, id]) => (first.get(name)?.experimentId === id ? [id] : [])),
  };
}

function findByName(sql: Sql, names: readonly string[]): Promise<readonly Row[]> {
  return inChunks(names, (part) =>
    sql.all(`SELECT id, name FROM experiments WHERE name IN (${placeholders(part)})`, part),
  );
}

/** Name → the experiment that its spans belong to. */
function idsOf(rows: readonly Row[]): Map<string, string> {
  return new Map(rows.map((row) => [text(row, "name"), text(row, "id")]));
}

async function makeExperiments(
  sql: Sql,
  names: readonly string[],
  first: ReadonlyMap<string, SpanRecord>,
): Promise<void> {
  const rows = names.flatMap((name) => {
    const record = first.get(name);
    if (record === undefined) return [];
    const { experimentId: id, startTime: createdAt } = record;
    const made = { id, name, lifecycleStage: "active", createdAt, updatedAt: createdAt };
    return [experiments.values(made)];
  });
  await sql.insert(experiments.keep, rows);
}
