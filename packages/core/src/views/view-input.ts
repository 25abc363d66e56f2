import { LIMITS } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { expectedSchema, idSchema, nameSchema, optionsSchema, textSchema } from "../validation.ts";
import type { CreateViewOptions, ViewUpdate } from "./views.ts";

const viewNameSchema = nameSchema().describe("Name of the view; unique for its page");

const viewQuerySchema = textSchema(LIMITS.viewQuery).describe(
  "Query of the page's URL, without ?: filter, columns, order and grouping",
);

const pageSchema = z
  .string()
  .regex(/^[a-z][a-z-]{0,49}$/, "must be the name of a page: lower-case letters and -")
  .describe("Page it is a view of, such as runs, traces, sessions or evaluations");

/** Schema of {@link CreateViewOptions}. */
export const createViewSchema: z.ZodType<CreateViewOptions> = optionsSchema(() => ({
  name: viewNameSchema,
  page: pageSchema,
  experimentId: idSchema
    .describe("Id of the experiment it belongs to; default all experiments")
    .exactOptional(),
  query: viewQuerySchema,
  createdBy: nameSchema().describe("Who makes it").exactOptional(),
}));

/** Schema of {@link ViewUpdate}. */
export const viewUpdateSchema: z.ZodType<ViewUpdate> = optionsSchema(() => ({
  name: viewNameSchema.exactOptional(),
  query: viewQuerySchema.exactOptional(),
  expected: expectedSchema.exactOptional(),
}));
