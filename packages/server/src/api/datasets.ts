import {
  createDatasetSchema,
  type DatasetRecordInput,
  datasetRecordSchema,
  datasetRecordsSchema,
  datasetSchema,
  describedPatchSchema,
  type PageQuery,
  pageSchema,
} from "@rivulet/core";
import * as z from "zod";
import { nothing, type Operation, operation } from "./operation.ts";
import { namePath } from "./path-schemas.ts";
import { searchQuerySchema } from "./query-schemas.ts";

const recordsQuerySchema: z.ZodType<PageQuery & { readonly version?: number }> = z.object({
  version: z.int().nonnegative().exactOptional(),
  limit: z.int().exactOptional(),
  pageToken: z.string().exactOptional(),
});

const newRecordsSchema: z.ZodType<{ readonly records: readonly DatasetRecordInput[] }> = z.object({
  records: datasetRecordsSchema,
});

const fromTracesSchema: z.ZodType<{
  readonly traceIds: readonly string[];
  readonly outputsAsExpectations?: boolean;
}> = z.object({
  traceIds: z.array(z.string()),
  outputsAsExpectations: z.boolean().exactOptional(),
});

const idListSchema: z.ZodType<{ readonly ids: readonly string[] }> = z.object({
  ids: z.array(z.string()),
});

const catalogue: readonly Operation[] = [
  operation({
    id: "datasets.search",
    method: "GET",
    path: "/datasets",
    access: "read",
    summary: "Searches datasets.",
    query: searchQuerySchema,
    output: pageSchema(datasetSchema),
    handler: ({ rivulet }, { query }) => rivulet.datasets.search(query),
  }),
  operation({
    id: "datasets.create",
    method: "POST",
    path: "/datasets",
    access: "write",
    summary: "Creates a dataset, with records or without.",
    body: createDatasetSchema,
    output: datasetSchema,
    handler: ({ rivulet }, { body }) => rivulet.datasets.create(body),
  }),
  operation({
    id: "datasets.get",
    method: "GET",
    path: "/datasets/:name",
    access: "read",
    summary: "Gives a dataset.",
    params: namePath,
    output: datasetSchema,
    handler: ({ rivulet }, { params }) => rivulet.datasets.get(params.name),
  }),
  operation({
    id: "datasets.update",
    method: "PATCH",
    path: "/datasets/:name",
    access: "write",
    summary: "Describes a dataset, sets and removes its tags.",
    params: namePath,
    body: describedPatchSchema,
    output: datasetSchema,
    handler: ({ rivulet }, { params, body }) => rivulet.datasets.update(params.name, body),
  }),
  operation({
    id: "datasets.delete",
    method: "DELETE",
    path: "/datasets/:name",
    access: "write",
    summary: "Removes a dataset with all its versions.",
    params: namePath,
    output: nothing,
    handler: async ({ rivulet }, { params }) => {
      await rivulet.datasets.delete(params.name);
      return {};
    },
  }),
];

const records: readonly Operation[] = [
  operation({
    id: "datasets.listRecords",
    method: "GET",
    path: "/datasets/:name/records",
    access: "read",
    summary: "The records of one version, or of the newest.",
    params: namePath,
    query: recordsQuerySchema,
    output: pageSchema(datasetRecordSchema),
    handler: async ({ rivulet }, { params, query }) => {
      const page = await rivulet.datasets.listRecords({ ...query, ...params });
      if (page.items.length === 0) await rivulet.datasets.get(params.name);
      return page;
    },
  }),
  operation({
    id: "datasets.addRecords",
    method: "POST",
    path: "/datasets/:name/records",
    access: "write",
    summary: "Adds or merges records and makes the next version.",
    params: namePath,
    body: newRecordsSchema,
    output: datasetSchema,
    handler: ({ rivulet }, { params, body }) =>
      rivulet.datasets.addRecords(params.name, body.records),
  }),
  operation({
    id: "datasets.addTraces",
    method: "POST",
    path: "/datasets/:name/traces",
    access: "write",
    summary: "Adds the inputs of traces as records.",
    params: namePath,
    body: fromTracesSchema,
    output: datasetSchema,
    handler: ({ rivulet }, { params, body }) => rivulet.datasets.addTraces(params.name, body),
  }),
  operation({
    id: "datasets.deleteRecords",
    method: "POST",
    path: "/datasets/:name/records/delete",
    access: "write",
    summary: "Makes the next version without some records.",
    params: namePath,
    body: idListSchema,
    output: datasetSchema,
    handler: ({ rivulet }, { params, body }) =>
      rivulet.datasets.deleteRecords(params.name, body.ids),
  }),
];

/** Operations on datasets. */
export const datasetOperations: readonly Operation[] = [...catalogue, ...records];
