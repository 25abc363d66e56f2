import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type LoggedPoint, messageOf, type RunStatus, type StringMap } from "@rivulet/core";
import { filesBelow, foldersIn, linksIn, namesIn, readOwnText, readYaml } from "./file-tree.ts";
import type { Tally } from "./report.ts";
import {
  inputOf,
  type MlflowSource,
  MODEL_STATUSES,
  measured,
  type RunPlace,
  type SourceExperiment,
  type SourceInput,
  type SourceLoggedModel,
  type SourceModel,
  type SourceRun,
  type SourceVersion,
} from "./source.ts";

const TRASH = ".trash";
const MODELS = "models";
const META = "meta.yaml";

/** As `meta.yaml` has them: numbers of MLflow's protocol, or names. */
const STATUS_NUMBERS: readonly (RunStatus | undefined)[] = [
  undefined,
  "running",
  "scheduled",
  "finished",
  "failed",
  "killed",
];

/** A folder `mlruns`. */
export function openFolder(folder: string, tally: Tally): MlflowSource {
  /** What reading gives; what cannot be read is skipped. */
  const tried = <T>(path: string, read: () => T): T[] => {
    try {
      return [read()];
    } catch (error) {
      tally.skip(path, messageOf(error));
      return [];
    }
  };
  const valuesIn = (place: string): StringMap =>
    Object.fromEntries(
      [...filesBelow(place)].flatMap(({ name, path }) =>
        tried(path, () => [name, readOwnText(path)] as const),
      ),
    );
  const experimentFolders = (): readonly string[] => [
    ...foldersIn(folder)
      .filter((name) => name !== TRASH && name !== MODELS)
      .map((name) => join(folder, name)),
    ...foldersIn(join(folder, TRASH)).map((name) => join(folder, TRASH, name)),
  ];

  return {
    folder,
    *experiments() {
      for (const path of experimentFolders()) {
        yield* tried(path, () => readExperiment(path, valuesIn));
      }
    },
    *runs() {
      for (const path of experimentFolders().flatMap(runsIn)) {
        yield* tried(path, () => placeOf(path));
      }
    },
    readRun: ({ path }) => readRun(path, { valuesIn, tried }),
    *points({ path }) {
      for (const file of filesBelow(join(path, "metrics"))) {
        yield* tried(file.path, () =>
          readPoints(file.path, file.name).map(({ runId: _none, ...point }) => point),
        );
      }
    },
    *loggedModels() {
      for (const folderPath of experimentFolders()) {
        for (const name of foldersIn(join(folderPath, MODELS))) {
          const path = join(folderPath, MODELS, name);
          yield* tried(path, () => readLoggedModel(path, valuesIn));
        }
      }
    },
    *models() {
      for (const name of foldersIn(join(folder, MODELS))) {
        const path = join(folder, MODELS, name);
        yield* tried(path, () => readModel(path, { valuesIn, tried }));
      }
    },
    *traces() {},
    *leftOut() {
      for (const path of [folder, ...experimentFolders()]) {
        for (const name of linksIn(path))
          yield { path: join(path, name), why: "is a symbolic link" };
      }
      for (const path of experimentFolders()) yield* leftOutOf(path);
    },
    close: () => undefined,
  };
}

/** What is in the folder of an experiment besides what is imported. */
function* leftOutOf(path: string): Iterable<{ readonly path: string; readonly why: string }> {
  const places = [{ place: join(path, "traces"), what: "traces of a folder" }];
  for (const { place, what } of places) {
    for (const name of foldersIn(place)) {
      yield { path: join(place, name), why: `${what} are not imported yet` };
    }
  }
}

/** The folders of the runs of an experiment. */
function runsIn(path: string): readonly string[] {
  const names = foldersIn(path).filter((name) => /^[\da-f]{32}$/i.test(name));
  return names.map((name) => join(path, name));
}

type ReadValues = (folder: string) => StringMap;

function readExperiment(path: string, valuesIn: ReadValues): SourceExperiment {
  const meta = readYaml(join(path, META));
  return {
    id: textOf(meta, "experiment_id"),
    name: textOf(meta, "name"),
    isDeleted: meta["lifecycle_stage"] === "deleted",
    createdAt: timeOf(meta["creation_time"]) ?? 0,
    updatedAt: timeOf(meta["last_update_time"]) ?? timeOf(meta["creation_time"]) ?? 0,
    tags: valuesIn(join(path, "tags")),
  };
}

function placeOf(path: string): RunPlace {
  const meta = readYaml(join(path, META));
  const parent = join(path, "tags", "mlflow.parentRunId");
  return {
    id: typeof meta["run_id"] === "string" ? meta["run_id"] : textOf(meta, "run_uuid"),
    experimentId: textOf(meta, "experiment_id"),
    ...(existsSync(parent) ? { parentRunId: readOwnText(parent).trim() } : {}),
    path,
  };
}

function readRun(path: string, { valuesIn, tried }: Reading): SourceRun {
  const meta = readYaml(join(path, META));
  const tags = valuesIn(join(path, "tags"));
  const endTime = timeOf(meta["end_time"]);
  const deletedAt = timeOf(meta["deleted_time"]);
  const userId = tags["mlflow.user"] ?? optionalText(meta["user_id"]);
  const artifactUri = artifactsOf(path, optionalText(meta["artifact_uri"]));
  return {
    name: tags["mlflow.runName"] ?? optionalText(meta["run_name"]) ?? "",
    status: statusOf(meta["status"]),
    startTime: timeOf(meta["start_time"]) ?? 0,
    ...(endTime === undefined ? {} : { endTime }),
    ...(userId === undefined ? {} : { userId }),
    isDeleted: meta["lifecycle_stage"] === "deleted",
    ...(deletedAt === undefined ? {} : { deletedAt }),
    params: valuesIn(join(path, "params")),
    tags,
    ...(artifactUri === undefined ? {} : { artifactUri }),
    inputs: foldersIn(join(path, "inputs")).flatMap((name) => {
      const place = join(path, "inputs", name);
      return tried(place, () => readInput(place));
    }),
  };
}

/**
 * A folder that was moved still has its files; what the file says of their place is of where it was. One that has none
 * may have them elsewhere: MLflow makes it all the same.
 */
function artifactsOf(path: string, uri: string | undefined): string {
  const own = join(path, "artifacts");
  if (uri === undefined || namesIn(own).length > 0) return own;
  const [run, experiment, root] = [path, dirname(path), dirname(dirname(path))].map((one) =>
    basename(one),
  );
  const store = root === TRASH ? basename(dirname(dirname(dirname(path)))) : root;
  const isLocal = uri.startsWith("file:") || !/^[a-z][a-z\d+.-]+:/i.test(uri);
  return isLocal && uri.endsWith(`/${store}/${experiment}/${run}/artifacts`) ? own : uri;
}

/** The dataset itself is described in the folder of the experiment. */
function readInput(path: string): SourceInput {
  const meta = readYaml(join(path, META));
  const dataset = readYaml(
    join(path, "..", "..", "..", "datasets", textOf(meta, "source_id"), META),
  );
  const [name, digest, sourceType, source, schema, profile] = [
    "name",
    "digest",
    "source_type",
    "source",
    "schema",
    "profile",
  ].map((field) => optionalText(dataset[field]));
  const tags = Object.entries(Object(meta["tags"])).map(([key, value]) => [key, String(value)]);
  return inputOf(
    { name, digest, sourceType, source, schema, profile },
    Object.fromEntries(tags) as StringMap,
  );
}

function statusOf(status: unknown): RunStatus {
  const known = STATUS_NUMBERS[Number(status)];
  if (known === undefined) throw new Error(`has the unknown status ${String(status)}`);
  return known;
}

/**
 * A line is `timestamp value step`; the first of MLflow's versions had no step. One of a logged model goes on with the run,
 * then the name and the digest of a dataset.
 *
 * @throws Error naming the line
 */
function readPoints(
  path: string,
  key: string,
  modelId?: string,
): readonly (LoggedPoint & { readonly runId: string })[] {
  const lines = readOwnText(path).split("\n");
  const points = lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const [time, value = "", step = "0", ...others] = line.trim().split(" ");
    const point = { key, value: numberOf(value), step: Number(step), timestamp: Number(time) };
    if (value === "" || !Number.isSafeInteger(point.step) || !Number.isFinite(point.timestamp)) {
      throw new Error(`line ${index + 1} is no point of a metric`);
    }
    if (modelId === undefined) return [{ ...point, runId: "" }];
    const [runId = "", datasetName, datasetDigest] = others;
    return [{ ...point, runId, model: measured({ modelId, datasetName, datasetDigest }) }];
  });
  return points.sort(
    (a, b) => a.step - b.step || a.timestamp - b.timestamp || (a.value < b.value ? -1 : 1),
  );
}

/** As Python writes a number. */
function numberOf(text: string): number {
  const named: Readonly<Record<string, number>> = {
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    "-inf": Number.NEGATIVE_INFINITY,
  };
  const value = named[text.toLowerCase()] ?? Number(text);
  if (Number.isNaN(value) && text.toLowerCase() !== "nan") throw new Error(`${text} is no number`);
  return value;
}

function readLoggedModel(path: string, valuesIn: ReadValues): SourceLoggedModel {
  const meta = readYaml(join(path, META));
  const status = MODEL_STATUSES[Number(meta["status"])];
  if (status === undefined) throw new Error(`has the unknown status ${String(meta["status"])}`);
  const id = textOf(meta, "model_id");
  const [runId, modelType, statusMessage] = ["source_run_id", "model_type", "status_message"].map(
    (name) => optionalText(meta[name]),
  );
  const { createdAt, updatedAt } = describedIn(meta);
  const points = [...filesBelow(join(path, "metrics"))].flatMap((file) =>
    readPoints(file.path, file.name, id),
  );
  return {
    id,
    name: textOf(meta, "name"),
    status,
    ...(runId === undefined ? {} : { runId }),
    ...(modelType === undefined ? {} : { modelType }),
    ...(statusMessage === undefined ? {} : { statusMessage }),
    params: valuesIn(join(path, "params")),
    tags: valuesIn(join(path, "tags")),
    createdAt,
    updatedAt,
    isDeleted: meta["lifecycle_stage"] === "deleted",
    artifactUri: join(path, "artifacts"),
    points,
    path,
  };
}

interface Reading {
  readonly valuesIn: ReadValues;
  readonly tried: <T>(path: string, read: () => T) => T[];
}

function readModel(path: string, { valuesIn, tried }: Reading): SourceModel {
  const meta = readYaml(join(path, META));
  const numbers = foldersIn(path)
    .map((name) => Number(/^version-(\d+)$/.exec(name)?.[1]))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
  return {
    ...describedIn(meta),
    name: textOf(meta, "name"),
    tags: valuesIn(join(path, "tags")),
    aliases: Object.fromEntries(
      Object.entries(valuesIn(join(path, "aliases"))).map(([alias, version]) => [
        alias,
        Number(version),
      ]),
    ),
    versions: numbers.flatMap((number) => {
      const place = join(path, `version-${number}`);
      return tried(place, () => readVersion(place, valuesIn)).filter(
        ({ stage }) => stage !== "Deleted_Internal",
      );
    }),
    lastVersion: numbers.at(-1) ?? 0,
    path,
  };
}

function readVersion(path: string, valuesIn: ReadValues): SourceVersion {
  const meta = readYaml(join(path, META));
  const [runId, source, stage, modelId] = ["run_id", "source", "current_stage", "model_id"].map(
    (name) => optionalText(meta[name]),
  );
  return {
    ...describedIn(meta),
    version: Number(meta["version"]),
    ...(runId === undefined ? {} : { runId }),
    ...(source === undefined ? {} : { source }),
    ...(stage === undefined ? {} : { stage }),
    ...(modelId === undefined ? {} : { modelId }),
    tags: valuesIn(join(path, "tags")),
  };
}

function describedIn(
  meta: Readonly<Record<string, unknown>>,
): Pick<SourceVersion, "description" | "createdAt" | "updatedAt"> {
  const createdAt = timeOf(meta["creation_timestamp"]) ?? 0;
  return {
    description: optionalText(meta["description"]) ?? "",
    createdAt,
    updatedAt: timeOf(meta["last_updated_timestamp"]) ?? createdAt,
  };
}

function textOf(meta: Readonly<Record<string, unknown>>, name: string): string {
  const text = optionalText(meta[name]);
  if (text === undefined) throw new Error(`${META} has no ${name}`);
  return text;
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function timeOf(value: unknown): number | undefined {
  const text = optionalText(value);
  return text !== undefined && Number.isFinite(Number(text)) ? Number(text) : undefined;
}
