import { pageSchema, viewSchema } from "@rivulet/domain";
import { searchSchema } from "../query.ts";
import { idSchema } from "../validation.ts";
import { createViewSchema, viewUpdateSchema } from "../views/view-input.ts";
import { before, nothing, type Operation, only, operation } from "./operation.ts";

const id = idSchema.describe("Id of the view");

/** Operations on saved views. */
export const viewOperations: readonly Operation[] = [
  operation("views.create", {
    access: "write",
    summary: "Saves a view of a page: filter, columns, order and grouping.",
    input: createViewSchema,
    output: viewSchema,
  }),
  operation("views.get", {
    access: "read",
    summary: "Gives a saved view.",
    positional: ["id"],
    input: only("id", id),
    output: viewSchema,
  }),
  operation("views.search", {
    access: "read",
    summary: "Searches saved views, by name.",
    input: searchSchema,
    output: pageSchema(viewSchema),
  }),
  operation("views.update", {
    access: "write",
    summary: "Renames a saved view, or gives it another query.",
    positional: ["id"],
    input: before("id", id, viewUpdateSchema),
    output: viewSchema,
  }),
  operation("views.delete", {
    access: "write",
    summary: "Removes a saved view.",
    positional: ["id"],
    input: only("id", id),
    output: nothing,
  }),
];
