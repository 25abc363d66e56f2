import {
  pageSchema,
  type RunBatchInput,
  runSchema,
  runUpdateSchema,
  startRunSchema,
  stringMapSchema,
} from "@rivulet/core";
import * as z from "zod";
import { nothing, type Operation, operation } from "./operation.ts";
import { idPath } from "./path-schemas.ts";
import { runSearchSchema } from "./query-schemas.ts";

/** Bounds of keys and values are core's to check. */
const batchSchema: z.ZodType<Omit<RunBatchInput, "runId">> = z.object({
  metrics: z
    .array(
      z.object({
        key: z.string(),
        value: z.number(),
        step: z.int().exactOptional(),
        timestamp: z.number().exactOptional(),
      }),
    )
    .exactOptional(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
  tags: stringMapSchema.exactOptional(),
});

/** Operations on runs. */
export const runOperations: readonly Operation[] = [
  operation({
    id: "runs.search",
    method: "GET",
    path: "/runs",
    access: "read",
    summary: "Searches runs, newest first.",
    query: runSearchSchema,
    output: pageSchema(runSchema),
    handler: ({ rivulet }, { query }) => rivulet.runs.search(query),
  }),
  operation({
    id: "runs.start",
    method: "POST",
    path: "/runs",
    access: "write",
    summary: "Starts a run; its experiment is made when it is not there.",
    body: startRunSchema,
    output: runSchema,
    // Whoever asks for it is not this process.
    handler: async ({ rivulet }, { body }) => {
      const { id } = await rivulet.runs.start({ ...body, owned: false });
      return rivulet.runs.get(id);
    },
  }),
  operation({
    id: "runs.get",
    method: "GET",
    path: "/runs/:id",
    access: "read",
    summary: "Gives a run with its params, tags and latest metrics.",
    params: idPath,
    output: runSchema,
    handler: ({ rivulet }, { params }) => rivulet.runs.get(params.id),
  }),
  operation({
    id: "runs.update",
    method: "PATCH",
    path: "/runs/:id",
    access: "write",
    summary: "Renames or ends a run, sets and removes its tags.",
    params: idPath,
    body: runUpdateSchema,
    output: runSchema,
    handler: ({ rivulet }, { params, body }) => rivulet.runs.update(params.id, body),
  }),
  operation({
    id: "runs.delete",
    method: "DELETE",
    path: "/runs/:id",
    access: "write",
    summary: "Hides a run.",
    params: idPath,
    output: runSchema,
    handler: ({ rivulet }, { params }) => rivulet.runs.delete(params.id),
  }),
  operation({
    id: "runs.restore",
    method: "POST",
    path: "/runs/:id/restore",
    access: "write",
    summary: "Brings a deleted run back.",
    params: idPath,
    output: runSchema,
    handler: ({ rivulet }, { params }) => rivulet.runs.restore(params.id),
  }),
  operation({
    id: "runs.logBatch",
    method: "POST",
    path: "/runs/:id/batch",
    access: "write",
    summary: "Adds metric points, params and tags: all of them, or none.",
    params: idPath,
    body: batchSchema,
    output: nothing,
    handler: async ({ rivulet }, { params, body }) => {
      await rivulet.runs.logBatch({ ...body, runId: params.id });
      return {};
    },
  }),
];
