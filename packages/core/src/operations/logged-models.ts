import { loggedModelSchema, pageSchema } from "@rivulet/domain";
import {
  createLoggedModelSchema,
  loggedModelSearchSchema,
  loggedModelUpdateSchema,
} from "../logged-models/logged-model-input.ts";
import { idSchema } from "../validation.ts";
import { before, type Operation, only, operation } from "./operation.ts";

const id = idSchema.describe("Id of the logged model");

/** Operations on the models that runs have made. */
export const loggedModelOperations: readonly Operation[] = [
  operation("loggedModels.create", {
    access: "write",
    summary: "Makes the record of a model whose files are artifacts of a run.",
    input: createLoggedModelSchema,
    output: loggedModelSchema,
  }),
  operation("loggedModels.get", {
    access: "read",
    summary: "Gives a logged model with its params, tags, and metrics by dataset.",
    positional: ["id"],
    input: only("id", id),
    output: loggedModelSchema,
  }),
  operation("loggedModels.search", {
    access: "read",
    summary: "Searches logged models, newest first.",
    input: loggedModelSearchSchema,
    output: pageSchema(loggedModelSchema),
  }),
  operation("loggedModels.update", {
    access: "write",
    summary: "Says how a logged model stands, adds params, sets and removes its tags.",
    positional: ["id"],
    input: before("id", id, loggedModelUpdateSchema),
    output: loggedModelSchema,
  }),
  operation("loggedModels.delete", {
    access: "write",
    summary: "Hides a logged model; its files stay with the run.",
    positional: ["id"],
    input: only("id", id),
    output: loggedModelSchema,
  }),
  operation("loggedModels.restore", {
    access: "write",
    summary: "Brings a deleted logged model back.",
    positional: ["id"],
    input: only("id", id),
    output: loggedModelSchema,
  }),
];
