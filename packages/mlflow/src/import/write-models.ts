import {
  type ModelStage,
  messageOf,
  type RegisteredModel,
  type Rivulet,
  RivuletError,
  readStage,
  type StringMap,
  storeOf,
} from "@rivulet/core";
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
  await writeAliases(model, known, writing);
  if (known === undefined) await models.update({ name, updatedAt });
}

/** An alias that is there may have been moved since. */
async function writeAliases(
  model: SourceModel,
  known: RegisteredModel | undefined,
  { rivulet, tally }: Writing,
): Promise<void> {
  const { models } = await storeOf(rivulet);
  const { name } = model;
  const updatedAt = known === undefined ? model.updatedAt : rivulet.now();
  const versions = new Set(model.versions.map(({ version }) => version));
  for (const [alias, version] of Object.entries(model.aliases)) {
    if (Object.hasOwn(known?.aliases ?? {}, alias)) continue;
    if (!versions.has(version)) {
      tally.skip(`${model.path}, alias ${alias}`, `there is no version ${version}`);
    } else if (known?.gates === undefined) {
      await models.setAlias({ name, alias, version, updatedAt });
    } else {
      // Gates that somebody has set here since are asked.
      await rivulet.models.setAlias({ name, alias, version });
    }
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
  readonly stage?: ModelStage;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params?: StringMap;
  readonly artifactPath?: string;
  readonly pinned?: boolean;
};

function placeholderOf({ createdAt, updatedAt }: SourceModel): NewVersion {
  return { description: "", createdAt, updatedAt, tags: {}, metrics: {}, source: PLACEHOLDER };
}

async function versionOf(
  { path }: SourceModel,
  { version, stage, runId: named, modelId, ...facts }: SourceVersion,
  rivulet: Rivulet,
): Promise<NewVersion> {
  const { runs, loggedModels } = await storeOf(rivulet);
  const ofModel = modelId ?? modelIdIn(facts.source);
  const logged = ofModel === undefined ? undefined : await loggedModels.get(ofModel);
  const runId = named ?? logged?.runId;
  const run = runId === undefined ? undefined : await runs.get(runId);
  if (runId !== undefined && run === undefined && facts.source === undefined) {
    throw new RivuletError(
      "not_found",
      `${path}: the run ${runId} of version ${version} is not there`,
    );
  }
  const isOfRun = logged !== undefined && logged.runId === run?.id;
  const inRun = isOfRun ? logged.artifactPath : artifactPathIn(facts.source, runId);
  return {
    ...facts,
    ...stageAs(facts.tags, stage),
    ...(logged === undefined ? {} : { modelId: logged.id }),
    ...(await filesOf(rivulet, { runId: run?.id, inRun })),
    metrics: run?.metrics ?? {},
    ...(run === undefined || Object.keys(run.params).length === 0 ? {} : { params: run.params }),
  };
}

/** The run of a version, and what its files are in it. */
async function filesOf(
  rivulet: Rivulet,
  { runId, inRun }: { readonly runId: string | undefined; readonly inRun: string | undefined },
): Promise<Pick<NewVersion, "runId" | "artifactPath" | "pinned">> {
  if (runId === undefined) return {};
  const artifactPath = inRun?.replace(/\/+$/, "");
  if (artifactPath === undefined) return { runId };
  const { artifacts } = await storeOf(rivulet);
  const files = await artifacts.list({ runId, prefix: artifactPath });
  const isThere = files.some((one) => `${one.path}/`.startsWith(`${artifactPath}/`));
  return { runId, artifactPath, ...(isThere ? { pinned: true } : {}) };
}

/** `runs:/RUN/model` and `…/RUN/artifacts/model` → `model`. */
function artifactPathIn(source: string | undefined, runId: string | undefined): string | undefined {
  if (source === undefined || runId === undefined) return undefined;
  const behind = source.split(`/${runId}/`)[1];
  const path = source.startsWith("runs:/") ? behind : behind?.replace(/^artifacts\/?/, "");
  return path === undefined || path === "" ? undefined : path;
}

/** `models:/m-…` and `…/models/m-…/artifacts` are of a logged model. */
function modelIdIn(source: string | undefined): string | undefined {
  return /(?:^models:|\/models)\/(m-[\da-f]{32})(?=\/|$)/.exec(source ?? "")?.[1];
}

/** A stage that nobody knows stays a tag. */
function stageAs(tags: StringMap, stage: string | undefined): Pick<NewVersion, "stage" | "tags"> {
  const known = stage === undefined ? null : readStage(stage);
  if (known === undefined) return { tags: { ...tags, "mlflow.stage": String(stage) } };
  return { tags, ...(known === null ? {} : { stage: known }) };
}

/** The highest number that was ever given here, also to versions that are deleted. */
async function lastNumber(rivulet: Rivulet, name: string): Promise<number> {
  let pageToken: string | undefined;
  do {
    const page = await rivulet.models.history({ name, ...(pageToken && { pageToken }) });
    const last = page.items.find(({ kind }) => NUMBERED.has(kind));
    if (last !== undefined) return last.version ?? 0;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return highestNumber(rivulet, name);
}

/** Changes that say which number is the last: a model that is made anew begins with 1. */
const NUMBERED: ReadonlySet<string> = new Set([
  "version_created",
  "model_created",
  "model_deleted",
]);

/** The highest number of those that are here, for models from before there was a history. */
async function highestNumber(rivulet: Rivulet, name: string): Promise<number> {
  const query = { filter: `name = '${name.replaceAll("'", "''")}'`, orderBy: ["version DESC"] };
  const { items } = await rivulet.models.searchVersions({ ...query, limit: 1 });
  return items[0]?.version ?? 0;
}
