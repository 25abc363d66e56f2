import * as z from "zod";
import type { ColumnsOf, StoredTable } from "./entity.ts";
import { objectSchema } from "./object-schema.ts";

/** What can happen to a registered model. */
export type ModelChangeKind =
  | "model_created"
  | "model_renamed"
  | "model_deleted"
  | "gates_set"
  | "version_created"
  | "version_deleted"
  | "alias_set"
  | "alias_rolled_back"
  | "alias_deleted"
  | "stage_set";

/** Every {@link ModelChangeKind}. */
export const MODEL_CHANGE_KINDS: readonly ModelChangeKind[] = [
  "model_created",
  "model_renamed",
  "model_deleted",
  "gates_set",
  "version_created",
  "version_deleted",
  "alias_set",
  "alias_rolled_back",
  "alias_deleted",
  "stage_set",
];

/** An entry of the history of a registered model. Entries are never changed, and outlive the model. */
export interface ModelChange {
  /** Name of the model; after a rename, its new one. */
  readonly name: string;
  /** Counts up from 1 for each name. */
  readonly number: number;
  /** What happened. */
  readonly kind: ModelChangeKind;
  /** The version it happened to; for an alias, the one that it points at afterwards. */
  readonly version?: number;
  /** The alias that was set or deleted. */
  readonly alias?: string;
  /** What was there before: a version for an alias, a stage, a name, or the source of a version. */
  readonly before?: string;
  /** What is there afterwards. */
  readonly after?: string;
  /** Who did it, if that is known. */
  readonly userId?: string;
  /** Why, in the words of who did it. */
  readonly why?: string;
  /** Whether a gate that was not met was overridden; absent for no. */
  readonly forced?: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Schema of {@link ModelChange}. */
export const modelChangeSchema: z.ZodType<ModelChange> = objectSchema(() => ({
  name: z.string(),
  number: z.number().int(),
  kind: z.enum(MODEL_CHANGE_KINDS as readonly [ModelChangeKind, ...ModelChangeKind[]]),
  version: z.number().int().exactOptional(),
  alias: z.string().exactOptional(),
  before: z.string().exactOptional(),
  after: z.string().exactOptional(),
  userId: z.string().exactOptional(),
  why: z.string().exactOptional(),
  forced: z.boolean().exactOptional(),
  at: z.number(),
}));

const columns: ColumnsOf<ModelChange> = {
  name: "text",
  number: "integer",
  kind: "text",
  version: "integer?",
  alias: "text?",
  before: "text?",
  after: "text?",
  userId: "text?",
  why: "text?",
  forced: "json?",
  at: "time",
};

/** How the history of registered models is stored. */
export const modelChangeTable: StoredTable<"model"> = {
  event: "model",
  table: "model_history",
  columns,
  // The call that made it: one call may change several things.
  extra: { callId: "text?" },
  key: ["name", "number"],
  indexes: [
    { name: "model_history_call", on: ["callId"], where: { field: "callId" } },
    { name: "model_history_at", on: ["at", "name", "number"] },
    { name: "model_history_alias", on: ["name", "alias", "number"] },
  ],
  since: 4,
};
