import {
  gateCheckSchema,
  modelChangeSchema,
  modelFileSchema,
  modelLineageSchema,
  modelVersionSchema,
  pageSchema,
  registeredModelSchema,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { searchSchema } from "../query.ts";
import {
  copyVersionSchema,
  createModelSchema,
  deleteModelAliasSchema,
  gatePlaceSchema,
  modelAliasSchema,
  modelGatesSchema,
  modelHistorySchema,
  modelStageWriteSchema,
  modelVersionKeySchema,
  modelVersionUpdateSchema,
  registerModelSchema,
  renameModelSchema,
  rollBackSchema,
} from "../registry/model-input.ts";
import { actSchema, describedPatchSchema, idSchema, referenceSchema } from "../validation.ts";
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
  operation("models.rename", {
    access: "write",
    summary: "Gives a model another name, with all that is its.",
    positional: ["name"],
    input: before("name", name, renameModelSchema),
    output: registeredModelSchema,
  }),
  operation("models.setGates", {
    access: "write",
    summary:
      "Says what versions need before an alias points at them, or before they enter a stage.",
    positional: ["name", "gates"],
    input: before("name", name, before("gates", modelGatesSchema, actSchema)),
    output: registeredModelSchema,
  }),
  operation("models.history", {
    access: "read",
    summary: "What happened to models: who changed what, when and why; newest first.",
    input: modelHistorySchema,
    output: pageSchema(modelChangeSchema),
  }),
  operation("models.delete", {
    access: "write",
    summary: "Removes a model with all its versions.",
    positional: ["name"],
    input: before("name", name, actSchema),
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
    summary: "Gives the version that name@3, name@alias, name or models:/name/3 means.",
    positional: ["reference"],
    input: only("reference", referenceSchema),
    output: modelVersionSchema,
  }),
  operation("models.files", {
    access: "read",
    summary: "The files of a version, by path.",
    positional: ["reference"],
    input: only("reference", referenceSchema),
    output: z.array(modelFileSchema),
  }),
  operation("models.lineage", {
    access: "read",
    summary: "Where a version comes from, and which traces and prompts used it.",
    positional: ["reference"],
    input: only("reference", referenceSchema),
    output: modelLineageSchema,
  }),
  operation("models.checkGates", {
    access: "read",
    summary: "Whether a version meets each gate of an alias or a stage.",
    positional: ["reference"],
    input: before("reference", referenceSchema, gatePlaceSchema),
    output: z.array(gateCheckSchema),
  }),
  operation("models.copyVersion", {
    access: "write",
    summary: "Copies a version to another model, which shares its files.",
    input: copyVersionSchema,
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
  operation("models.setStage", {
    access: "write",
    summary: "Moves a version to a stage.",
    input: modelStageWriteSchema,
    output: modelVersionSchema,
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
    input: deleteModelAliasSchema,
    output: nothing,
  }),
  operation("models.rollBack", {
    access: "write",
    summary: "Points an alias at the version that it pointed at before.",
    input: rollBackSchema,
    output: modelVersionSchema,
  }),
];

/** Operations on the model registry. */
export const modelOperations: readonly Operation[] = [...models, ...versions];
