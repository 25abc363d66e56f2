import { datasetRecordSchema, datasetSchema, pageSchema } from "@rivulet/domain";
import {
  addTracesSchema,
  createDatasetSchema,
  datasetRecordsSchema,
  idListSchema,
  listRecordsSchema,
} from "../datasets/dataset-input.ts";
import { searchSchema } from "../query.ts";
import { describedPatchSchema, idSchema } from "../validation.ts";
import { before, both, nothing, type Operation, only, operation } from "./operation.ts";

const name = idSchema.describe("Name of the dataset");

/** Operations on datasets as wholes. */
const datasets: readonly Operation[] = [
  operation("datasets.create", {
    access: "write",
    summary: "Creates a dataset, with records or without.",
    input: createDatasetSchema,
    output: datasetSchema,
  }),
  operation("datasets.get", {
    access: "read",
    summary: "Gives a dataset.",
    positional: ["name"],
    input: only("name", name),
    output: datasetSchema,
  }),
  operation("datasets.search", {
    access: "read",
    summary: "Searches datasets.",
    input: searchSchema,
    output: pageSchema(datasetSchema),
  }),
  operation("datasets.update", {
    access: "write",
    summary: "Describes a dataset, sets and removes its tags.",
    positional: ["name"],
    input: before("name", name, describedPatchSchema),
    output: datasetSchema,
  }),
  operation("datasets.delete", {
    access: "write",
    summary: "Removes a dataset with all its versions.",
    positional: ["name"],
    input: only("name", name),
    output: nothing,
  }),
];

/** Operations on their records. */
const records: readonly Operation[] = [
  operation("datasets.listRecords", {
    access: "read",
    summary: "The records of one version, or of the newest.",
    input: listRecordsSchema,
    output: pageSchema(datasetRecordSchema),
  }),
  operation("datasets.addRecords", {
    access: "write",
    summary: "Adds or merges records and makes the next version.",
    positional: ["name", "records"],
    input: both(only("name", name), only("records", datasetRecordsSchema)),
    output: datasetSchema,
  }),
  operation("datasets.addTraces", {
    access: "write",
    summary: "Adds the inputs of traces as records.",
    positional: ["name"],
    input: before("name", name, addTracesSchema),
    output: datasetSchema,
  }),
  operation("datasets.deleteRecords", {
    access: "write",
    summary: "Makes the next version without some records.",
    positional: ["name", "ids"],
    input: both(only("name", name), only("ids", idListSchema.describe("Ids of the records"))),
    output: datasetSchema,
  }),
];

/** Operations on datasets. */
export const datasetOperations: readonly Operation[] = [...datasets, ...records];
