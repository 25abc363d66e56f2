import * as z from "zod";
import { type ModelVersion, modelVersionSchema } from "./model.ts";
import { objectSchema } from "./object-schema.ts";
import { type PromptRef, promptRefSchema } from "./prompt.ts";

/** Where a version of a model comes from, and what used it. */
export interface ModelLineage {
  /** The version. */
  readonly version: ModelVersion;
  /** The run that made it; absent where there is none, or it was purged. */
  readonly run?: {
    /** 32 hex digits. */
    readonly id: string;
    /** For people to read. */
    readonly name: string;
    /** Its experiment. */
    readonly experimentId: string;
  };
  /** Versions of the same run or logged model, and copies of this version; the newest 100, without itself. */
  readonly related: readonly ModelVersion[];
  /** Traces whose metadata names the version or its logged model. */
  readonly traces: {
    /** Finds them: a filter of `traces.search`. */
    readonly filter: string;
    /** How many were counted, up to 100. */
    readonly count: number;
    /** Whether there are, or may be, more. */
    readonly isMore: boolean;
  };
  /** Versions of prompts that those traces used. */
  readonly prompts: readonly PromptRef[];
}

/** Schema of {@link ModelLineage}. */
export const modelLineageSchema: z.ZodType<ModelLineage> = objectSchema(() => ({
  version: modelVersionSchema,
  run: z.object({ id: z.string(), name: z.string(), experimentId: z.string() }).exactOptional(),
  related: z.array(modelVersionSchema),
  traces: z.object({ filter: z.string(), count: z.number().int(), isMore: z.boolean() }),
  prompts: z.array(promptRefSchema),
}));
