import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type MetricPoint, messageOf, type RunStatus, type StringMap } from "@rivulet/core";
import type { ReadSpans } from "./artifact-spans.ts";
import { readPoints } from "./file-metrics.ts";
import { type Reading, readLoggedModel, readModel } from "./file-models.ts";
import { readFileTrace, traceFoldersIn } from "./file-traces.ts";
import { filesBelow, foldersIn, linksIn, namesIn, readOwnText, readYaml } from "./file-tree.ts";
import { type Fields, META, optionalText, textOf, timeOf } from "./meta-fields.ts";
import type { Tally } from "./report.ts";
import {
  inputOf,
  type MlflowSource,
  type RunPlace,
  type SourceExperiment,
  type SourceInput,
  type SourceModelOutput,
  type SourceRun,
  withSource,
} from "./source.ts";

const TRASH = ".trash";
const MODELS = "models";

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
export function openFolder(folder: string, tally: Tally, spansAt: ReadSpans): MlflowSource {
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
  const reading = { valuesIn, tried };
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
        yield* tried(path, () => readExperiment(path, reading));
      }
    },
    *runs() {
      for (const path of experimentFolders().flatMap(runsIn)) {
        yield* tried(path, () => placeOf(path));
      }
    },
    readRun: ({ path }) => readRun(path, reading),
    points: ({ path }) => pointsIn(path, tally.skip),
    *loggedModels() {
      for (const folderPath of experimentFolders()) {
        for (const name of foldersIn(join(folderPath, MODELS))) {
          const path = join(folderPath, MODELS, name);
          yield* tried(path, () => readLoggedModel(path, reading));
        }
      }
    },
    *models() {
      for (const name of foldersIn(join(folder, MODELS))) {
        const path = join(folder, MODELS, name);
        yield* tried(path, () => readModel(path, reading));
      }
    },
    *traces() {
      for (const path of experimentFolders().flatMap(traceFoldersIn)) {
        yield* tried(path, () => readFileTrace(path, { ...reading, spansAt }));
      }
    },
    *datasets() {},
    leftOut: () => linksOf([folder, ...experimentFolders()]),
    close: () => undefined,
  };
}

function* pointsIn(path: string, skip: Tally["skip"]): Iterable<readonly MetricPoint[]> {
  for (const file of filesBelow(join(path, "metrics"))) {
    try {
      for (const points of readPoints({ path: file.path, key: file.name })) {
        yield points.map(({ runId: _none, ...point }) => point);
      }
    } catch (error) {
      skip(file.path, messageOf(error));
    }
  }
}

function* linksOf(folders: readonly string[]): ReturnType<MlflowSource["leftOut"]> {
  for (const path of folders) {
    for (const name of linksIn(path)) yield { path: join(path, name), why: "is a symbolic link" };
  }
}

/** The folders of the runs of an experiment. */
function runsIn(path: string): readonly string[] {
  const names = foldersIn(path).filter((name) => /^[\da-f]{32}$/i.test(name));
  return names.map((name) => join(path, name));
}

function readExperiment(path: string, { valuesIn }: Reading): SourceExperiment {
  const meta = readYaml(join(path, META));
  return {
    id: textOf(meta, "experiment_id"),
    name: textOf(meta, "name"),
    // Before 2.3, only the place said so.
    isDeleted: meta["lifecycle_stage"] === "deleted" || basename(dirname(path)) === TRASH,
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
  const tags = withSource(valuesIn(join(path, "tags")), meta);
  const endTime = timeOf(meta["end_time"]);
  const deletedAt = timeOf(meta["deleted_time"]);
  const userId = tags["mlflow.user"] ?? optionalText(meta["user_id"]);
  const artifactUri = artifactsOf(path, optionalText(meta["artifact_uri"]));
  return {
    name: tags["mlflow.runName"] ?? optionalText(meta["run_name"] ?? meta["name"]) ?? "",
    status: statusOf(meta["status"]),
    startTime: timeOf(meta["start_time"]) ?? 0,
    ...(endTime === undefined ? {} : { endTime }),
    ...(userId === undefined ? {} : { userId }),
    isDeleted: meta["lifecycle_stage"] === "deleted",
    ...(deletedAt === undefined ? {} : { deletedAt }),
    params: valuesIn(join(path, "params")),
    tags,
    ...(artifactUri === undefined ? {} : { artifactUri }),
    ...inputsOf(path, tried),
    modelOutputs: foldersIn(join(path, "outputs")).flatMap((name) => {
      const place = join(path, "outputs", name);
      return tried(place, () => readOutput(place));
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

function inputsOf(
  path: string,
  tried: Reading["tried"],
): Pick<SourceRun, "inputs" | "modelInputs"> {
  const found = foldersIn(join(path, "inputs")).flatMap((name) => {
    const place = join(path, "inputs", name);
    return tried(place, () => ({ place, meta: readYaml(join(place, META)) }));
  });
  const isModel = ({ meta }: { readonly meta: Fields }): boolean => meta["source_type"] === "MODEL";
  return {
    inputs: found
      .filter((one) => !isModel(one))
      .flatMap(({ place, meta }) => tried(place, () => readInput(place, meta))),
    modelInputs: found.filter(isModel).map(({ meta }) => textOf(meta, "source_id")),
  };
}

function readOutput(path: string): SourceModelOutput {
  const meta = readYaml(join(path, META));
  return { modelId: textOf(meta, "destination_id"), step: timeOf(meta["step"]) ?? 0 };
}

/** The dataset itself is described in the folder of the experiment. */
function readInput(path: string, meta: Fields): SourceInput {
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
