import * as z from "zod";
import { type Described, describedColumns, describedShape } from "./described.ts";
import { type ColumnsOf, type Entity, TAGS } from "./entity.ts";
import { type StringMap, stringMapSchema } from "./json.ts";

/** A name under which versions of a model are kept. */
export interface RegisteredModel extends Described {
  /** Alias → version, e.g. `{ production: 3 }`. */
  readonly aliases: Readonly<Record<string, number>>;
  /** The newest version; absent while there is none. */
  readonly latestVersion?: number;
}

/** One version of a registered model. Its source never changes. */
export interface ModelVersion {
  readonly name: string;
  /** 1, 2, 3 … */
  readonly version: number;
  readonly description: string;
  /** The run that made it. */
  readonly runId?: string;
  /** The artifact of that run that holds the model. */
  readonly artifactPath?: string;
  /** Where it comes from, in the user's words. Never opened by Rivulet. */
  readonly source?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: StringMap;
  readonly aliases: readonly string[];
  /** The metrics of its run, as they were at registration. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Schema of {@link RegisteredModel}. */
export const registeredModelSchema: z.ZodType<RegisteredModel> = z.object({
  ...describedShape,
  aliases: z.record(z.string(), z.number().int()),
  latestVersion: z.number().int().exactOptional(),
});

/** Schema of {@link ModelVersion}. */
export const modelVersionSchema: z.ZodType<ModelVersion> = z.object({
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
  metrics: z.record(z.string(), z.number()),
});

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

/** How model versions are stored and searched. Their `id` is what their tags are filed by. */
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
