import * as z from "zod";
import type { ColumnsOf, Entity } from "./entity.ts";
import { objectSchema } from "./object-schema.ts";

/** A list as somebody has arranged it, kept under a name: filter, columns, order and grouping. */
export interface View {
  /** 32 hex digits. */
  readonly id: string;
  /** For people to read, up to 250 characters; unique for its page and experiment. */
  readonly name: string;
  /** The page it is a view of, such as `runs`, `traces`, `sessions` or `evaluations`. */
  readonly page: string;
  /** The experiment it belongs to; absent for a view of all experiments. */
  readonly experimentId?: string;
  /** The query of the page's URL, without `?`, up to 8,000 characters. */
  readonly query: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Who made it, if that is known. */
  readonly createdBy?: string;
}

/** Schema of {@link View}. */
export const viewSchema: z.ZodType<View> = objectSchema(() => ({
  id: z.string(),
  name: z.string(),
  page: z.string(),
  experimentId: z.string().exactOptional(),
  query: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  createdBy: z.string().exactOptional(),
}));

const columns: ColumnsOf<View> = {
  id: "text",
  name: "text",
  page: "text",
  experimentId: "text?",
  query: "text",
  createdAt: "time",
  updatedAt: "time",
  createdBy: "text?",
};

/** How saved views are stored and searched. */
export const viewEntity: Entity<"view"> = {
  name: "view",
  event: "view",
  table: "views",
  columns,
  // The experiment, or empty: missing values would not be equal.
  extra: { scope: "text" },
  key: ["id"],
  indexes: [
    { name: "views_name", on: ["name", "id"] },
    { name: "views_place", on: ["page", "scope", "name"], unique: true },
  ],
  since: 3,
  searched: ["id", "name", "page", "experimentId", "createdBy", "createdAt", "updatedAt"],
  order: ["name", "id"],
  aliases: { experiment_id: "experimentId", created_by: "createdBy" },
  lookups: {},
};
