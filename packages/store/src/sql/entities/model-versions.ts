import type { ModelVersion } from "@rivulet/domain";
import type { ModelStageWrite, ModelStore, NewModelVersion } from "../../port/models.ts";
import type { Database, Sql } from "../database.ts";
import type { FileStorage } from "../file-storage.ts";
import { number, text, toMicros } from "../values.ts";
import { aliasChange, INSERT_ALIAS, versionOf } from "./model-aliases.ts";
import { listFiles, pinFiles } from "./model-files.ts";
import { checkGates, passGates } from "./model-gates.ts";
import { type NewChange, noteChanges } from "./model-history.ts";
import { holdModel, modelRegistry } from "./model-registry.ts";
import { metricsJson, modelRows, modelVersionRows } from "./model-rows.ts";
import { queueTags } from "./queued-deliveries.ts";
import { noRun } from "./run-rows.ts";
import { makeAndHold, takeNumber, versionId } from "./versioned.ts";

/** Versions of models in SQL. */
export function modelVersions(
  database: Database,
  storage: FileStorage,
): Pick<
  ModelStore,
  | "addVersion"
  | "getVersion"
  | "findVersionByAlias"
  | "listFiles"
  | "updateVersion"
  | "deleteVersion"
  | "searchVersions"
  | "setStage"
  | "checkGates"
> {
  return {
    addVersion: (version) =>
      database.transaction(async (sql) =>
        modelVersionRows.get(sql, [version.name, await insertVersion(sql, storage, version)]),
      ),
    getVersion: ({ name, version }) =>
      database.snapshot((sql) => modelVersionRows.find(sql, [name, version])),
    findVersionByAlias: ({ name, alias }) =>
      database.snapshot(async (sql) => {
        const version = await versionOf(sql, { name, alias });
        return version === undefined ? undefined : modelVersionRows.find(sql, [name, version]);
      }),
    listFiles: (key) => database.snapshot((sql) => listFiles(sql, key)),
    updateVersion: (patch) =>
      database.transaction(async (sql) => {
        const version = await modelVersionRows.patch(sql, [patch.name, patch.version], patch);
        await queueTags(sql, patch);
        return version;
      }),
    deleteVersion: (key) => database.transaction((sql) => deleteVersion(sql, key)),
    searchVersions: (query) => modelVersionRows.search(database, { query }),
    setStage: (change) => database.transaction((sql) => setStage(sql, change)),
    checkGates: ({ now: at, ...key }) =>
      database.snapshot((sql) => checkGates(sql, { ...key, at })),
  };
}

async function insertVersion(
  sql: Sql,
  storage: FileStorage,
  version: NewModelVersion,
): Promise<number> {
  const { name, createdAt, updatedAt, copyOf, pinned, runId, artifactPath } = version;
  const model = { name, description: "", createdAt, updatedAt, lastVersion: 0 };
  const isNew = await makeAndHold(sql, modelRegistry, model);
  await holdSources(sql, version);
  const next = await takeNumber(sql, modelRegistry, { name, at: updatedAt });
  const metrics = metricsJson(version.metrics);
  const row = { ...version, metrics, version: next, id: versionId(name, next) };
  await modelVersionRows.create(sql, row);
  if (pinned === true) {
    await pinFiles(sql, storage, { name, version: next, runId, artifactPath, copyOf });
  }
  const added: NewChange = {
    name,
    kind: "version_created",
    version: next,
    ...(copyOf === undefined ? {} : { before: `models:/${copyOf.name}/${copyOf.version}` }),
  };
  await noteChanges(sql, version, [
    ...(isNew ? [{ name, kind: "model_created" as const }] : []),
    added,
    ...(await moveAliases(sql, version, next)),
  ]);
  return next;
}

/** What a version is made of stays until it is there: the run is not purged, the version that is copied is not deleted. */
async function holdSources(sql: Sql, { runId, copyOf }: NewModelVersion): Promise<void> {
  const { forShare } = sql.dialect;
  if (copyOf !== undefined) {
    // It keeps its run.
    await modelVersionRows.get(sql, [copyOf.name, copyOf.version], forShare);
  } else if (runId !== undefined) {
    const [run] = await sql.all(`SELECT 1 FROM runs WHERE id = ? ${forShare}`, [runId]);
    if (run === undefined) throw noRun(runId);
  }
}

async function moveAliases(
  sql: Sql,
  { name, setAliases = [], force, judged, updatedAt: at }: NewModelVersion,
  version: number,
): Promise<readonly NewChange[]> {
  const changes: NewChange[] = [];
  for (const alias of new Set(setAliases)) {
    const forced = await passGates(sql, { name, version, alias, at, force, judged });
    const current = await versionOf(sql, { name, alias });
    await sql.insert(INSERT_ALIAS, [[name, alias, version]]);
    changes.push(aliasChange({ name, alias, version, current, forced }));
  }
  return changes;
}

async function deleteVersion(
  sql: Sql,
  key: Parameters<ModelStore["deleteVersion"]>[0],
): Promise<void> {
  const { name, version } = key;
  await modelRows.hold(sql, [name]);
  await modelVersionRows.remove(sql, [name, version]);
  const aliases = await sql.all(
    "SELECT alias FROM model_aliases WHERE name = ? AND version = ? ORDER BY alias",
    [name, version],
  );
  await sql.run("DELETE FROM model_aliases WHERE name = ? AND version = ?", [name, version]);
  await sql.run("DELETE FROM model_version_files WHERE name = ? AND version = ?", [name, version]);
  await noteChanges(sql, key, [
    ...aliases.map((row) => ({
      name,
      kind: "alias_deleted" as const,
      alias: text(row, "alias"),
      before: String(version),
    })),
    { name, kind: "version_deleted", version },
  ]);
}

const UPDATE_STAGE =
  "UPDATE model_versions SET stage = ?, updated_us = ? WHERE name = ? AND version = ?";

async function setStage(sql: Sql, change: ModelStageWrite): Promise<ModelVersion> {
  const { name, version, stage, archiveExisting = false, force, judged, updatedAt: at } = change;
  await holdModel(sql, { name, at, version });
  const before = await modelVersionRows.get(sql, [name, version]);
  const move = { name, version, at, force, judged, ...(stage === null ? {} : { stage }) };
  const isMoved = (before.stage ?? null) !== stage;
  const forced = isMoved && (await passGates(sql, move));
  const changes: NewChange[] = [];
  const put = async (one: number, from: string | undefined, to: string | null): Promise<void> => {
    await sql.run(UPDATE_STAGE, [to, toMicros(at), name, one]);
    const overridden = one === version && forced;
    const after = to ?? "none";
    const entry = { name, kind: "stage_set" as const, version: one, after, forced: overridden };
    changes.push({ ...entry, before: from ?? "none" });
  };
  if (archiveExisting && stage !== null && stage !== "archived") {
    const others = await sql.all(
      "SELECT version FROM model_versions WHERE name = ? AND stage = ? AND version <> ? ORDER BY version",
      [name, stage, version],
    );
    for (const row of others) await put(number(row, "version"), stage, "archived");
  }
  if (isMoved) await put(version, before.stage, stage);
  await noteChanges(sql, change, changes);
  return modelVersionRows.get(sql, [name, version]);
}
