import * as z from "zod";
import { type Described, describedColumns, describedShape } from "./described.ts";
import { type ColumnsOf, type Entity, TAGS } from "./entity.ts";
import { namedNumberSchema, type StringMap, stringMapSchema } from "./json.ts";
import { objectSchema } from "./object-schema.ts";
import { recordSchema } from "./record-schema.ts";

/** A named model with numbered versions. */
export interface RegisteredModel extends Described {
  /** Alias → version, such as `{ production: 3 }`. */
  readonly aliases: Readonly<Record<string, number>>;
  /** The highest version; absent while there is none. */
  readonly latestVersion?: number;
}

/** One version of a registered model. Its source never changes. */
export interface ModelVersion {
  /** Name of the registered model. */
  readonly name: string;
  /** Counts up from 1 and is never reused. */
  readonly version: number;
  /** Free text, up to 5,000 characters; empty when there is none. */
  readonly description: string;
  /** The run that produced it. */
  readonly runId?: string;
  /** Path of the run's artifact that holds the model. */
  readonly artifactPath?: string;
  /** Where the model comes from, such as a URI. For information only: Rivulet never opens it. */
  readonly source?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Free-form labels, up to 8,000 characters each. */
  readonly tags: StringMap;
  /** Aliases that point to this version. */
  readonly aliases: readonly string[];
  /** The latest metrics of its run at the time of registration. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Schema of {@link RegisteredModel}. */
export const registeredModelSchema: z.ZodType<RegisteredModel> = objectSchema(() => ({
  ...describedShape,
  aliases: recordSchema(z.string(), z.number().int()),
  latestVersion: z.number().int().exactOptional(),
}));

/** Schema of {@link ModelVersion}. */
export const modelVersionSchema: z.ZodType<ModelVersion> = objectSchema(() => ({
  name: z.string(),
  version: z.number().int(),
  description: z.string(),
  runId: z.string().exactOptional(),
  artifactPath: z.string().exactOptional(),
  source: z.string().exactOptional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  tags: stringMapSchema,
  aliases: z.array(z.string()),
  metrics: recordSchema(z.string(), namedNumberSchema),
}));

const modelColumns: ColumnsOf<RegisteredModel, "tags" | "aliases" | "latestVersion"> = {
  ...describedColumns,
};

/** How registered models are stored and searched. */
export const modelEntity: Entity<"model"> = {
  name: "model",
  event: "model",
  table: "models",
  columns: modelColumns,
  extra: { lastVersion: "integer" },
  key: ["name"],
  searched: ["name", "createdAt", "updatedAt"],
  order: ["name"],
  aliases: {
    creation_timestamp: "createdAt",
    last_updated_timestamp: "updatedAt",
    timestamp: "updatedAt",
  },
  lookups: { tag: TAGS },
  tagged: "name",
};

const versionColumns: ColumnsOf<ModelVersion, "tags" | "aliases"> = {
  name: "text",
  version: "integer",
  description: "text",
  runId: "text?",
  artifactPath: "text?",
  source: "text?",
  createdAt: "time",
  updatedAt: "time",
  metrics: "json",
};

/** How model versions are stored and searched. Their tags refer to the extra column `id`. */
export const modelVersionEntity: Entity<"modelVersion", "model"> = {
  name: "modelVersion",
  event: "model",
  table: "model_versions",
  columns: versionColumns,
  extra: { id: "text" },
  key: ["name", "version"],
  indexes: [
    { name: "model_versions_created", on: ["-createdAt", "name", "-version"] },
    { name: "model_versions_run", on: ["runId"], where: { field: "runId" } },
  ],
  searched: ["name", "version", "runId", "source", "createdAt", "updatedAt"],
  order: ["-createdAt", "name", "-version"],
  aliases: {
    version_number: "version",
    run_id: "runId",
    source_path: "source",
    creation_timestamp: "createdAt",
    last_updated_timestamp: "updatedAt",
  },
  lookups: { tag: TAGS },
  tagged: "id",
};
