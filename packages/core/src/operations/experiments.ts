import {
  datasetSummarySchema,
  experimentSchema,
  pageSchema,
  purgedExperimentsSchema,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { inputDatasetsSchema } from "../inputs/run-input-schemas.ts";
import { lifecycleSearchSchema } from "../query.ts";
import {
  createExperimentSchema,
  experimentNameSchema,
  experimentUpdateSchema,
} from "../tracking/experiments.ts";
import { purgeSchema } from "../tracking/purge.ts";
import { idSchema } from "../validation.ts";
import { before, type Operation, only, operation } from "./operation.ts";

const id = idSchema.describe("Id of the experiment");

/** Operations on experiments. */
export const experimentOperations: readonly Operation[] = [
  operation("experiments.create", {
    access: "write",
    summary: "Creates an experiment.",
    input: createExperimentSchema,
    output: experimentSchema,
  }),
  operation("experiments.get", {
    access: "read",
    summary: "Gives an experiment.",
    positional: ["id"],
    input: only("id", id),
    output: experimentSchema,
  }),
  operation("experiments.find", {
    access: "read",
    summary: "Gives the experiment of a name, or nothing.",
    positional: ["name"],
    input: only("name", experimentNameSchema),
    output: experimentSchema.optional(),
  }),
  operation("experiments.ensure", {
    access: "write",
    summary: "Gives the experiment of a name, made when it is not there.",
    positional: ["name"],
    input: only("name", experimentNameSchema),
    output: experimentSchema,
  }),
  operation("experiments.search", {
    access: "read",
    summary: "Searches experiments, newest first.",
    input: lifecycleSearchSchema,
    output: pageSchema(experimentSchema),
  }),
  operation("experiments.update", {
    access: "write",
    summary:
      "Renames an experiment, sets and removes its tags, says which way its metrics improve.",
    positional: ["id"],
    input: before("id", id, experimentUpdateSchema),
    output: experimentSchema,
  }),
  operation("experiments.delete", {
    access: "write",
    summary: "Hides an experiment and its runs.",
    positional: ["id"],
    input: only("id", id),
    output: experimentSchema,
  }),
  operation("experiments.datasets", {
    access: "read",
    summary: "The datasets that runs of experiments were given, by name.",
    input: inputDatasetsSchema,
    output: z.array(datasetSummarySchema),
  }),
  operation("experiments.restore", {
    access: "write",
    summary: "Brings a deleted experiment back, and the runs that were deleted with it.",
    positional: ["id"],
    input: only("id", id),
    output: experimentSchema,
  }),
  operation("experiments.purge", {
    access: "admin",
    summary:
      "Removes deleted experiments for good, with their runs and traces; says which were kept.",
    input: purgeSchema,
    output: purgedExperimentsSchema,
  }),
];
