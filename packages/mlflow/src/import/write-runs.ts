import {
  messageOf,
  type Rivulet,
  RivuletError,
  type Run,
  type StringMap,
  storeOf,
} from "@rivulet/core";
import {
  type ArtifactPlace,
  type ArtifactRules,
  artifactFiles,
  placeOfArtifacts,
} from "./artifact-files.ts";
import { artifactName } from "./artifact-name.ts";
import { createOnce } from "./create-once.ts";
import type { Tally } from "./report.ts";
import { FIELD_TAGS, type MlflowSource, type RunPlace, type SourceRun } from "./source.ts";
import type { Target } from "./write-experiments.ts";

/** Points of one write. */
const POINTS = 1_000;

/** What runs are written with. */
export interface RunWriting {
  readonly rivulet: Rivulet;
  readonly source: MlflowSource;
  readonly tally: Tally;
  readonly targets: ReadonlyMap<string, Target>;
  /** `undefined`: files are left where they are. */
  readonly artifacts: ArtifactRules | undefined;
  /** Ends it between two runs. */
  readonly signal?: AbortSignal | undefined;
}

/** Writes the runs, parents first. */
export async function writeRuns(writing: RunWriting): Promise<void> {
  const { source, targets, tally, signal } = writing;
  for (const place of parentsFirst([...source.runs()])) {
    signal?.throwIfAborted();
    const target = targets.get(place.experimentId);
    if (target === undefined) {
      tally.skip(place.path, `its experiment ${place.experimentId} is not there`);
      continue;
    }
    try {
      await writeRun(place, target, writing);
    } catch (error) {
      tally.skip(place.path, messageOf(error));
    }
  }
}

/** In the order given, but each behind its parent. */
function parentsFirst(places: readonly RunPlace[]): readonly RunPlace[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  const ordered = new Set<RunPlace>();
  for (const place of places) {
    const line: RunPlace[] = [];
    let next: RunPlace | undefined = place;
    while (next !== undefined && !ordered.has(next) && !line.includes(next)) {
      line.unshift(next);
      next = next.parentRunId === undefined ? undefined : byId.get(next.parentRunId);
    }
    for (const one of line) ordered.add(one);
  }
  return [...ordered];
}

/**
 * Writes one run: the run, its points, its files, and at the very end its deletion. So one that is deleted in the store
 * was complete, and all that an interrupted import has left out is written by the next one.
 */
async function writeRun(place: RunPlace, target: Target, writing: RunWriting): Promise<void> {
  const { rivulet, source, tally } = writing;
  const { runs } = await storeOf(rivulet);
  const given = source.readRun(place);
  const known = await createOnce({
    get: () => runs.get(place.id),
    create: async () => runs.create(await recordOf(place, given, { writing, target })),
  });
  const isOpen = known?.lifecycleStage !== "deleted" && !target.isClosed;
  for (const all of source.points(place)) {
    for (let at = 0; at < all.length; at += POINTS) {
      const metrics = all.slice(at, at + POINTS);
      if (isOpen) await runs.logBatch({ runId: place.id, metrics });
      tally.add("metrics", metrics.length);
    }
  }
  const inputs = given.inputs.map((input) => ({ ...input, loggedAt: given.startTime }));
  if (isOpen && inputs.length > 0) await runs.logInputs({ runId: place.id, inputs });
  await writeArtifacts(place, given, { ...writing, isOpen });
  if (given.isDeleted && isOpen && !target.isDeleted) {
    const { deletedAt = rivulet.now() } = given;
    await runs.update({ id: place.id, lifecycleStage: "deleted", deletedAt });
  }
  tally.add("params", Object.keys(given.params).length);
  tally.add("runs");
}

async function recordOf(
  { id, parentRunId }: RunPlace,
  given: SourceRun,
  { writing, target }: { readonly writing: RunWriting; readonly target: Target },
): Promise<Run> {
  const { name, status, startTime, endTime, userId, params } = given;
  const { runs } = await storeOf(writing.rivulet);
  const tags = { ...ownTags(given.tags), ...modelTags(given) };
  // A parent that MLflow has removed for good stays a tag.
  const hasParent = parentRunId !== undefined && (await runs.get(parentRunId)) !== undefined;
  return {
    id,
    experimentId: target.id,
    name: name === "" ? id : name,
    status,
    startTime,
    ...(endTime === undefined ? {} : { endTime }),
    ...(hasParent ? { parentRunId } : {}),
    ...(userId === undefined ? {} : { userId }),
    lifecycleStage: "active",
    params,
    tags:
      hasParent || parentRunId === undefined
        ? tags
        : { ...tags, "mlflow.parentRunId": parentRunId },
    metrics: {},
  };
}

function ownTags(tags: StringMap): StringMap {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !FIELD_TAGS.has(key)));
}

/** Which logged models a run was given, and which it has made at which step, for which a run has no fields. */
function modelTags({ modelInputs, modelOutputs }: SourceRun): StringMap {
  const tags = { "mlflow.modelInputs": modelInputs, "mlflow.modelOutputs": modelOutputs };
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, models]) =>
      models.length === 0 ? [] : [[key, JSON.stringify(models)]],
    ),
  );
}

async function writeArtifacts(
  { id: runId, path }: RunPlace,
  { artifactUri: uri }: SourceRun,
  writing: RunWriting & { readonly isOpen: boolean },
): Promise<void> {
  if (uri !== undefined) await writeFiles({ runId, path, uri, place: runId, prefix: "" }, writing);
}

/** Files that become files of a run. */
export interface FilesToWrite {
  readonly runId: string;
  /** For messages. */
  readonly path: string;
  /** Where they are. */
  readonly uri: string;
  /** The folder whose name is theirs alone: the id of the run, or of the logged model. */
  readonly place: string;
  /** Before their names in the run. */
  readonly prefix: string;
}

/** Writes those files that the run does not have yet. */
export async function writeFiles(given: FilesToWrite, writing: FileWriting): Promise<void> {
  const { rivulet, tally, artifacts } = writing;
  if (artifacts === undefined) return;
  const place = placeOfArtifacts(given, artifacts);
  if (place.root === undefined) {
    tellOf(place, given.path, { tally, told: artifacts.missing });
    return;
  }
  const { runId } = given;
  const known = new Set((await rivulet.artifacts.list({ runId })).map(({ path }) => path));
  for (const file of artifactFiles(place.root, tally.skip)) {
    const path = given.prefix + artifactName(file.name);
    if (!path.endsWith(file.name)) tally.rename(file.path, path);
    try {
      if (!known.has(path)) await writeFile({ runId, path, file: file.path }, writing);
      tally.add("artifacts");
    } catch (error) {
      tally.skip(file.path, messageOf(error));
    }
  }
}

type FileWriting = RunWriting & { readonly isOpen: boolean };

/** A folder of many runs is told of once. */
function tellOf(
  { why, missing }: Extract<ArtifactPlace, { readonly why: string }>,
  path: string,
  { tally, told }: { readonly tally: Tally; readonly told: Set<string> },
): void {
  if (missing === undefined) tally.skip(path, why);
  else if (!told.has(missing)) tally.skip(missing, why);
  if (missing !== undefined) told.add(missing);
}

async function writeFile(
  file: { readonly runId: string; readonly path: string; readonly file: string },
  { rivulet, isOpen }: FileWriting,
): Promise<void> {
  if (!isOpen) throw new RivuletError("conflict", `the run ${file.runId} is deleted here`);
  await rivulet.artifacts.putFile(file);
}
