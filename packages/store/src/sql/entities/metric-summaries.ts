import type { MetricDeclarations, MetricSummary } from "@rivulet/domain";
import type { MetricSummariesQuery } from "../../port/runs.ts";
import type { Row, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { number, optionalNumber, placeholders, text, toMillis } from "../values.ts";

/** The metrics of runs, by key, then run. */
export async function listSummaries(
  sql: Sql,
  { runIds, keys }: MetricSummariesQuery,
): Promise<readonly MetricSummary[]> {
  if (runIds.length === 0) return [];
  const select = `SELECT r.id AS run_id, e.metrics AS declared, k.key AS name, m.* FROM runs r
    JOIN experiments e ON e.id = r.experiment_id JOIN metrics m ON m.run = r.inner_id
    JOIN run_keys k ON k.id = m.key WHERE r.id IN (${placeholders(runIds)})`;
  const order = "ORDER BY k.key, r.id";
  const rows =
    keys === undefined
      ? await sql.all(`${select} ${order}`, runIds)
      : await inChunks(keys, (part) =>
          sql.all(`${select} AND k.key IN (${placeholders(part)}) ${order}`, [...runIds, ...part]),
        );
  return rows.map(summaryOf);
}

/** What a project of an earlier version has no more of than the latest value is summed up from that. */
function summaryOf(row: Row): MetricSummary {
  const key = text(row, "name");
  const [last, lastStep] = [number(row, "value"), number(row, "step")];
  const isWhole = optionalNumber(row, "points") !== undefined;
  const alone = Number.isNaN(last) ? undefined : last;
  const min = isWhole ? optionalNumber(row, "min_value") : alone;
  const max = isWhole ? optionalNumber(row, "max_value") : alone;
  const best = bestOf(row, key, { min, max });
  return {
    runId: text(row, "run_id"),
    key,
    count: optionalNumber(row, "points") ?? 1,
    last,
    lastStep,
    lastTimestamp: toMillis(row["ts_us"]),
    first: optionalNumber(row, "first_value") ?? last,
    firstStep: optionalNumber(row, "first_step") ?? lastStep,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(best === undefined ? {} : { best }),
  };
}

function bestOf(
  row: Row,
  key: string,
  { min, max }: { readonly min: number | undefined; readonly max: number | undefined },
): number | undefined {
  const declared: MetricDeclarations = JSON.parse(String(row["declared"] ?? "{}"));
  const declaration = Object.hasOwn(declared, key) ? declared[key] : undefined;
  if (declaration === undefined) return undefined;
  return declaration.better === "higher" ? max : min;
}
