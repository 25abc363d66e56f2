import * as z from "zod";
import { type StringMap, stringMapSchema } from "./json.ts";

/** A name under which versions of a model are kept. */
export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: StringMap;
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
  name: z.string(),
  description: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  tags: stringMapSchema,
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
