import type { Condition, ModelVersion } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import { notFound, parseModelReference } from "../reference.ts";

/** The version that a reference means. @throws RivuletError `not_found`; `invalid_argument` */
export async function getVersion(store: Store, reference: string): Promise<ModelVersion> {
  const version = await findVersion(store, reference);
  if (version === undefined) throw notFound("model version", reference);
  return version;
}

/** The version that a reference means; the newest of those of a logged model, or of a run's files. */
async function findVersion(store: Store, reference: string): Promise<ModelVersion | undefined> {
  const parsed = parseModelReference(reference);
  if ("modelId" in parsed) return newestWhere(store, { modelId: parsed.modelId });
  if ("runId" in parsed) {
    return newestWhere(store, { runId: parsed.runId, artifactPath: parsed.path });
  }
  const { name, version, alias, stage } = parsed;
  if (alias !== undefined) return store.models.findVersionByAlias({ name, alias });
  if (stage !== undefined) return newestWhere(store, { name, stage }, "version");
  const number = version ?? (await store.models.get(name))?.latestVersion;
  return number === undefined ? undefined : store.models.getVersion({ name, version: number });
}

/** The newest version with these values; of one model, the one with the highest number. */
async function newestWhere(
  store: Store,
  values: Readonly<Record<string, string>>,
  by: "createdAt" | "version" = "createdAt",
): Promise<ModelVersion | undefined> {
  const where = Object.entries(values).map(
    ([key, value]): Condition => ({
      field: { kind: "attribute", key },
      operator: "=",
      value,
    }),
  );
  const order = [{ field: { kind: "attribute", key: by }, descending: true } as const];
  const { items } = await store.models.searchVersions({ where, order, limit: 1 });
  return items[0];
}
