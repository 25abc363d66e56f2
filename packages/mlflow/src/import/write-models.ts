import { messageOf, type Rivulet, RivuletError, type StringMap, storeOf } from "@rivulet/core";
import type { Tally } from "./report.ts";
import type { MlflowSource, SourceModel, SourceVersion } from "./source.ts";
import { isPrompt, writePrompt } from "./write-prompts.ts";

/** Holds the place of a version that MLflow has deleted, until it is deleted here. */
const PLACEHOLDER = "rivulet:deleted-version";

/** What models are written with. */
interface Writing {
  readonly rivulet: Rivulet;
  readonly tally: Tally;
}

/** Writes registered models with their versions and aliases, and prompts, which MLflow keeps among them. */
export async function writeModels(
  rivulet: Rivulet,
  source: MlflowSource,
  tally: Tally,
): Promise<void> {
  for (const model of source.models()) {
    try {
      if (isPrompt(model)) await writePrompt(model, { rivulet, tally });
      else await writeModel(model, { rivulet, tally });
    } catch (error) {
      tally.skip(model.path, messageOf(error));
    }
  }
}

async function writeModel(model: SourceModel, writing: Writing): Promise<void> {
  const { rivulet, tally } = writing;
  const { models } = await storeOf(rivulet);
  const { name, description, tags, createdAt, updatedAt } = model;
  const known = await models.get(name);
  if (known === undefined) {
    await models.create({ name, description, tags, createdAt, updatedAt, aliases: {} });
  }
  tally.add("models");
  await writeVersions(model, writing);
  const versions = new Set(model.versions.map(({ version }) => version));
  for (const [alias, version] of Object.entries(model.aliases)) {
    // An alias that is there may have been moved since.
    if (Object.hasOwn(known?.aliases ?? {}, alias)) continue;
    if (versions.has(version)) await rivulet.models.setAlias({ name, alias, version });
    else tally.skip(`${model.path}, alias ${alias}`, `there is no version ${version}`);
  }
}

/** Numbers are given one after the other, so that those of deleted versions are given, too, and taken back. */
async function writeVersions(model: SourceModel, { rivulet, tally }: Writing): Promise<void> {
  const { models } = await storeOf(rivulet);
  const { name, lastVersion } = model;
  const given = new Map(model.versions.map((version) => [version.version, version]));
  const last = await lastNumber(rivulet, name);
  for (let version = 1; version <= lastVersion; version += 1) {
    const one = given.get(version);
    if (version > last) await addVersion(rivulet, model, version);
    if (one !== undefined) tally.add("versions");
    else if ((await models.getVersion({ name, version }))?.source === PLACEHOLDER) {
      await models.deleteVersion({ name, version, updatedAt: model.updatedAt });
    }
  }
}

/** @throws RivuletError `conflict` when it would get another number */
async function addVersion(rivulet: Rivulet, model: SourceModel, version: number): Promise<void> {
  const { models } = await storeOf(rivulet);
  const { name, versions } = model;
  const given = versions.find((one) => one.version === version);
  const record =
    given === undefined ? placeholderOf(model) : await versionOf(model, given, rivulet);
  const { version: number } = await models.addVersion({ ...record, name });
  if (number === version) return;
  throw new RivuletError(
    "conflict",
    `version ${version} would become ${number}: versions of "${name}" are registered here already`,
  );
}

type NewVersion = Omit<SourceVersion, "version" | "stage"> & {
  readonly metrics: Readonly<Record<string, number>>;
  readonly artifactPath?: string;
  readonly pinned?: boolean;
};

function placeholderOf({ createdAt, updatedAt }: SourceModel): NewVersion {
  return { description: "", createdAt, updatedAt, tags: {}, metrics: {}, source: PLACEHOLDER };
}

async function versionOf(
  { path }: SourceModel,
  { version, stage, runId, ...facts }: SourceVersion,
  rivulet: Rivulet,
): Promise<NewVersion> {
  const { runs, artifacts } = await storeOf(rivulet);
  const run = runId === undefined ? undefined : await runs.get(runId);
  if (runId !== undefined && run === undefined && facts.source === undefined) {
    throw new RivuletError(
      "not_found",
      `${path}: the run ${runId} of version ${version} is not there`,
    );
  }
  const artifactPath = artifactPathIn(facts.source, runId)?.replace(/\/+$/, "");
  const files =
    run === undefined || artifactPath === undefined
      ? []
      : await artifacts.list({ runId: run.id, prefix: artifactPath });
  const isThere = files.some((one) => `${one.path}/`.startsWith(`${artifactPath}/`));
  return {
    ...facts,
    tags: withStage(facts.tags, stage),
    ...(run === undefined ? {} : { runId: run.id }),
    ...(run === undefined || artifactPath === undefined ? {} : { artifactPath }),
    metrics: run?.metrics ?? {},
    ...(isThere ? { pinned: true } : {}),
  };
}

/** `runs:/RUN/model` and `…/RUN/artifacts/model` → `model`. */
function artifactPathIn(source: string | undefined, runId: string | undefined): string | undefined {
  if (source === undefined || runId === undefined) return undefined;
  const behind = source.split(`/${runId}/`)[1];
  const path = source.startsWith("runs:/") ? behind : behind?.replace(/^artifacts\/?/, "");
  return path === undefined || path === "" ? undefined : path;
}

function withStage(tags: StringMap, stage: string | undefined): StringMap {
  return stage === undefined || stage === "None" ? tags : { ...tags, "mlflow.stage": stage };
}

/** The highest number that was ever given here. */
async function lastNumber(rivulet: Rivulet, name: string): Promise<number> {
  const query = { filter: `name = '${name.replaceAll("'", "''")}'`, orderBy: ["version DESC"] };
  const { items } = await rivulet.models.searchVersions({ ...query, limit: 1 });
  return items[0]?.version ?? 0;
}
