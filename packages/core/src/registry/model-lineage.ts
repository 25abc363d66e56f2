import { type ModelLineage, type ModelVersion, type PromptRef, parseFilter } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import { getVersion } from "./find-version.ts";

/** Most traces and versions that are looked at. */
const MOST = 100;

/** Where a version comes from, and what used it. @throws RivuletError `not_found`; `invalid_argument` */
export async function readLineage(store: Store, reference: string): Promise<ModelLineage> {
  const version = await getVersion(store, reference);
  const { runId } = version;
  const run = runId === undefined ? undefined : await store.runs.get(runId);
  const filter = tracesOf(version);
  const { items, nextPageToken } = await store.traces.search({
    where: parseFilter("trace", filter),
    order: [],
    limit: MOST,
    experimentIds: [],
  });
  return {
    version,
    ...(run === undefined
      ? {}
      : { run: { id: run.id, name: run.name, experimentId: run.experimentId } }),
    related: await relatedTo(store, version),
    traces: { filter, count: items.length, isMore: nextPageToken !== undefined },
    prompts: distinct(items.flatMap(({ prompts }) => prompts)),
  };
}

/** A filter for the traces that say which version they used: MLflow's key, and ours. */
function tracesOf({ name, version, modelId }: ModelVersion): string {
  const ours = `metadata.modelVersion = ${quoted(`${name}@${version}`)}`;
  if (modelId === undefined) return ours;
  return `metadata.\`mlflow.modelId\` = ${quoted(modelId)} OR ${ours}`;
}

async function relatedTo(store: Store, own: ModelVersion): Promise<readonly ModelVersion[]> {
  const { name, version, runId, modelId } = own;
  const parts = [
    `source = ${quoted(`models:/${name}/${version}`)}`,
    ...(runId === undefined ? [] : [`runId = ${quoted(runId)}`]),
    ...(modelId === undefined ? [] : [`modelId = ${quoted(modelId)}`]),
  ];
  const { items } = await store.models.searchVersions({
    where: parseFilter("modelVersion", parts.join(" OR ")),
    order: [],
    limit: MOST,
  });
  return items.filter((one) => one.name !== name || one.version !== version);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function distinct(prompts: readonly PromptRef[]): readonly PromptRef[] {
  const byKey = new Map(prompts.map((one) => [`${one.name}@${one.version}`, one]));
  return [...byKey.values()];
}
