import { type ModelVersion, RivuletError, readStage } from "@rivulet/domain";
import type { GatedPlace, Store } from "@rivulet/store";
import type { Context } from "../context.ts";
import { searchSchema, toStoreQuery } from "../query.ts";
import { notFound, parseModelReference, parseRunReference, withoutEnd } from "../reference.ts";
import { parseInput } from "../validation.ts";
import type { RegistryParts } from "./create-models.ts";
import type { PassedGates } from "./evaluation-gates.ts";
import { getVersion } from "./find-version.ts";
import {
  copyVersionSchema,
  modelStageWriteSchema,
  modelVersionKeySchema,
  modelVersionUpdateSchema,
  registerModelSchema,
} from "./model-input.ts";
import type { Models, RegisterModelOptions } from "./models.ts";

/** The verbs of versions. */
export function createModelVersions(
  context: Context,
  parts: RegistryParts,
): Pick<
  Models,
  | "register"
  | "copyVersion"
  | "getVersion"
  | "searchVersions"
  | "updateVersion"
  | "deleteVersion"
  | "setStage"
> {
  const { store, now, reportError } = context;
  const { acts, gates } = parts;
  return {
    getVersion: async (reference) => getVersion(await store(), reference),
    register: (options) => register(context, parts, options),
    copyVersion: (options) => copyVersion(context, parts, options),
    searchVersions: async (query = {}) =>
      (await store()).models.searchVersions(
        toStoreQuery(context, "modelVersion", parseInput(searchSchema, query, "query")),
      ),
    updateVersion: async (update) => {
      const input = parseInput(modelVersionUpdateSchema, update, "version");
      return (await store()).models.updateVersion({ ...input, updatedAt: now() });
    },
    deleteVersion: async (options) => {
      const { name, version, ...act } = parseInput(modelVersionKeySchema, options, "version");
      const { models, files } = await store();
      const held = await models.listFiles({ name, version });
      await acts.perform(act, (noted) => models.deleteVersion({ name, version, ...noted }));
      // If this fails, they are cleared away later, like those of killed uploads.
      const ids = [...new Set(held.map(({ fileId }) => fileId))];
      if (ids.length > 0) await files.delete(ids).catch(reportError);
    },
    setStage: async (options) => {
      const {
        name,
        version,
        stage: text,
        archiveExisting = false,
        force = false,
        ...act
      } = parseInput(modelStageWriteSchema, options, "stage");
      const stage = readStage(text) ?? null;
      const opened = await store();
      const current = await getVersion(opened, `${name}@${version}`);
      const write = { name, version, stage, archiveExisting, force };
      const places = stage === null ? [] : [{ stage }];
      return gates.guard({ candidate: current, places, force }, (passed) =>
        acts.perform(act, (noted) => opened.models.setStage({ ...write, ...passed, ...noted })),
      );
    },
  };
}

async function register(
  context: Context,
  { acts, gates }: RegistryParts,
  options: RegisterModelOptions,
): Promise<ModelVersion> {
  const parsed = parseInput(registerModelSchema, options, "model");
  const {
    aliases = [],
    tags = {},
    description = "",
    userId,
    why,
    force = false,
    ...input
  } = parsed;
  const opened = await context.store();
  const { runId, artifactPath, modelId } = await placeOf(opened, input);
  const facts = await readRun(context, runId);
  const { name, source } = input;
  const candidate = { name, tags, ...(runId === undefined ? {} : { runId }) };
  const add = (passed: PassedGates) =>
    acts.perform(act(userId, why), (noted) =>
      opened.models.addVersion({
        ...candidate,
        ...facts,
        ...(artifactPath === undefined ? {} : { artifactPath, pinned: true }),
        ...(modelId === undefined ? {} : { modelId }),
        ...(source === undefined ? {} : { source }),
        description,
        createdAt: noted.updatedAt,
        ...noted,
        force,
        ...passed,
        ...(aliases.length === 0 ? {} : { setAliases: aliases }),
      }),
    );
  return gates.guard({ candidate, places: placesOf(aliases), force }, add);
}

async function copyVersion(
  context: Context,
  { acts, gates }: RegistryParts,
  options: Parameters<Models["copyVersion"]>[0],
): Promise<ModelVersion> {
  const {
    from,
    to,
    aliases = [],
    userId,
    why,
    force = false,
  } = parseInput(copyVersionSchema, options, "copy");
  const opened = await context.store();
  const original = await getVersion(opened, from);
  const { aliases: _aliases, stage: _stage, version, name, ...rest } = original;
  const candidate = { ...rest, name: to };
  const add = (passed: PassedGates) =>
    acts.perform(act(userId, why), (noted) =>
      opened.models.addVersion({
        ...rest,
        name: to,
        source: `models:/${name}/${version}`,
        createdAt: noted.updatedAt,
        ...noted,
        pinned: true,
        copyOf: { name, version },
        force,
        ...passed,
        ...(aliases.length === 0 ? {} : { setAliases: aliases }),
      }),
    );
  return gates.guard({ candidate, places: placesOf(aliases), force }, add);
}

function placesOf(aliases: readonly string[]): readonly GatedPlace[] {
  return aliases.map((alias) => ({ alias }));
}

function act(userId: string | undefined, why: string | undefined) {
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(why === undefined ? {} : { why }),
  };
}

/** What a version is made of. */
interface Place {
  readonly runId?: string | undefined;
  readonly artifactPath?: string | undefined;
  readonly modelId?: string | undefined;
}

/** What a version is made of: said as such, or by a source of this store, or by its logged model. */
async function placeOf(store: Store, input: RegisterModelOptions): Promise<Place> {
  const { runId, artifactPath, source = "" } = input;
  if (runId !== undefined) {
    const path = artifactPath === undefined ? undefined : withoutEnd(artifactPath);
    return { runId, artifactPath: path, modelId: input.modelId };
  }
  const modelId = input.modelId ?? loggedModelIn(source);
  const files = parseRunReference(source);
  if (files !== undefined) return { runId: files.runId, artifactPath: files.path, modelId };
  if (modelId === undefined) return {};
  const logged = await store.loggedModels.get(modelId);
  if (logged === undefined) throw notFound("logged model", modelId);
  return { runId: logged.runId, artifactPath: logged.artifactPath, modelId };
}

/** The logged model of `models:/m-<id>`. @throws RivuletError `invalid_argument` for a version of a model */
function loggedModelIn(source: string): string | undefined {
  if (!source.startsWith("models:/")) return undefined;
  const named = parseModelReference(source);
  if ("modelId" in named) return named.modelId;
  throw new RivuletError(
    "invalid_argument",
    `model.source: ${source} is a version already. Copy it to another model with copyVersion.`,
    { details: { field: "model.source" } },
  );
}

/** The metrics and params of the version's run. @throws RivuletError `not_found` */
async function readRun(
  context: Context,
  runId: string | undefined,
): Promise<Pick<ModelVersion, "metrics" | "params">> {
  if (runId === undefined) return { metrics: {} };
  const store = await context.store();
  await context.journal.flush();
  const run = await store.runs.get(runId);
  if (run === undefined) throw notFound("run", runId);
  const { metrics, params } = run;
  return Object.keys(params).length === 0 ? { metrics } : { metrics, params };
}
