import * as z from "zod";
import type { ColumnsOf } from "./entity.ts";
import { type StringMap, stringMapSchema } from "./json.ts";

/** Fields shared by the entities that have a name, a description and tags. */
export interface Described {
  /** Unique; up to 250 characters. */
  readonly name: string;
  /** Free text, up to 5,000 characters; empty when there is none. */
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Free-form labels, up to 8,000 characters each. */
  readonly tags: StringMap;
}

/** Schemas of the fields of {@link Described}. */
export const describedShape: { readonly [F in keyof Described]: z.ZodType<Described[F]> } = {
  name: z.string(),
  description: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  tags: stringMapSchema,
};

/** Columns of {@link Described}. */
export const describedColumns: ColumnsOf<Described, "tags"> = {
  name: "text",
  description: "text",
  createdAt: "time",
  updatedAt: "time",
};
