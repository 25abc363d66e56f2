import { join } from "node:path";
import type { StringMap } from "@rivulet/core";
import { readPoints } from "./file-metrics.ts";
import { filesBelow, foldersIn, readYaml } from "./file-tree.ts";
import { type Fields, META, optionalText, textOf, timeOf } from "./meta-fields.ts";
import {
  MODEL_STATUSES,
  type SourceLoggedModel,
  type SourceModel,
  type SourceVersion,
} from "./source.ts";

/** How parts of a folder are read. */
export interface Reading {
  /** Key → value of a folder such as `tags`. */
  readonly valuesIn: (folder: string) => StringMap;
  /** What reading gives; what cannot be read is skipped. */
  readonly tried: <T>(path: string, read: () => T) => T[];
}

/** A logged model. @throws Error when it cannot be read */
export function readLoggedModel(path: string, { valuesIn }: Reading): SourceLoggedModel {
  const meta = readYaml(join(path, META));
  const status = MODEL_STATUSES[Number(meta["status"])];
  if (status === undefined) throw new Error(`has the unknown status ${String(meta["status"])}`);
  const id = textOf(meta, "model_id");
  const [runId, modelType, statusMessage] = ["source_run_id", "model_type", "status_message"].map(
    (name) => optionalText(meta[name]),
  );
  const { createdAt, updatedAt } = describedIn(meta);
  const points = [...filesBelow(join(path, "metrics"))].flatMap((file) =>
    [...readPoints({ path: file.path, key: file.name, modelId: id })].flat(),
  );
  return {
    id,
    name: textOf(meta, "name"),
    experimentId: textOf(meta, "experiment_id"),
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

/** A registered model. @throws Error when it cannot be read */
export function readModel(path: string, { valuesIn, tried }: Reading): SourceModel {
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

function readVersion(path: string, valuesIn: Reading["valuesIn"]): SourceVersion {
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

function describedIn(meta: Fields): Pick<SourceVersion, "description" | "createdAt" | "updatedAt"> {
  const createdAt = timeOf(meta["creation_timestamp"]) ?? 0;
  return {
    description: optionalText(meta["description"]) ?? "",
    createdAt,
    updatedAt: timeOf(meta["last_updated_timestamp"]) ?? createdAt,
  };
}
