import { modelVersionSchema, pageSchema, registeredModelSchema } from "@rivulet/domain";
import { searchSchema } from "../query.ts";
import {
  createModelSchema,
  modelAliasSchema,
  modelVersionKeySchema,
  modelVersionUpdateSchema,
  registerModelSchema,
} from "../registry/model-input.ts";
import { aliasKeySchema, describedPatchSchema, idSchema, referenceSchema } from "../validation.ts";
import { before, nothing, type Operation, only, operation } from "./operation.ts";

const name = idSchema.describe("Name of the model");

/** Operations on registered models. */
const models: readonly Operation[] = [
  operation("models.create", {
    access: "write",
    summary: "Creates a model without versions.",
    input: createModelSchema,
    output: registeredModelSchema,
  }),
  operation("models.get", {
    access: "read",
    summary: "Gives a model with its aliases.",
    positional: ["name"],
    input: only("name", name),
    output: registeredModelSchema,
  }),
  operation("models.search", {
    access: "read",
    summary: "Searches registered models.",
    input: searchSchema,
    output: pageSchema(registeredModelSchema),
  }),
  operation("models.update", {
    access: "write",
    summary: "Describes a model, sets and removes its tags.",
    positional: ["name"],
    input: before("name", name, describedPatchSchema),
    output: registeredModelSchema,
  }),
  operation("models.delete", {
    access: "write",
    summary: "Removes a model with all its versions.",
    positional: ["name"],
    input: only("name", name),
    output: nothing,
  }),
];

/** Operations on their versions. */
const versions: readonly Operation[] = [
  operation("models.register", {
    access: "write",
    summary: "Adds the next version; makes the model when it is not there.",
    input: registerModelSchema,
    output: modelVersionSchema,
  }),
  operation("models.getVersion", {
    access: "read",
    summary: "Gives the version that name@3, name@alias or name means.",
    positional: ["reference"],
    input: only("reference", referenceSchema),
    output: modelVersionSchema,
  }),
  operation("models.searchVersions", {
    access: "read",
    summary: "Searches the versions of all models, newest first.",
    input: searchSchema,
    output: pageSchema(modelVersionSchema),
  }),
  operation("models.updateVersion", {
    access: "write",
    summary: "Describes a version, sets and removes its tags.",
    input: modelVersionUpdateSchema,
    output: modelVersionSchema,
  }),
  operation("models.deleteVersion", {
    access: "write",
    summary: "Removes a version and the aliases that point at it.",
    input: modelVersionKeySchema,
    output: nothing,
  }),
  operation("models.setAlias", {
    access: "write",
    summary: "Points an alias at a version.",
    input: modelAliasSchema,
    output: nothing,
  }),
  operation("models.deleteAlias", {
    access: "write",
    summary: "Removes an alias.",
    input: aliasKeySchema,
    output: nothing,
  }),
];

/** Operations on the model registry. */
export const modelOperations: readonly Operation[] = [...models, ...versions];
