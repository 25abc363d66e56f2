import * as z from "zod";
import type { ColumnsOf } from "./entity.ts";
import { type StringMap, stringMapSchema } from "./json.ts";

/** What goes by a name, and is described and tagged. */
export interface Described {
  readonly name: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
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
