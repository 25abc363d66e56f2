import {
  createExperimentSchema,
  experimentSchema,
  experimentUpdateSchema,
  pageSchema,
} from "@rivulet/core";
import { type Operation, operation } from "./operation.ts";
import { idPath } from "./path-schemas.ts";
import { lifecycleSearchSchema } from "./query-schemas.ts";

/** Operations on experiments. */
export const experimentOperations: readonly Operation[] = [
  operation({
    id: "experiments.search",
    method: "GET",
    path: "/experiments",
    access: "read",
    summary: "Searches experiments, newest first.",
    query: lifecycleSearchSchema,
    output: pageSchema(experimentSchema),
    handler: ({ rivulet }, { query }) => rivulet.experiments.search(query),
  }),
  operation({
    id: "experiments.create",
    method: "POST",
    path: "/experiments",
    access: "write",
    summary: "Creates an experiment.",
    body: createExperimentSchema,
    output: experimentSchema,
    handler: ({ rivulet }, { body }) => rivulet.experiments.create(body),
  }),
  operation({
    id: "experiments.get",
    method: "GET",
    path: "/experiments/:id",
    access: "read",
    summary: "Gives an experiment.",
    params: idPath,
    output: experimentSchema,
    handler: ({ rivulet }, { params }) => rivulet.experiments.get(params.id),
  }),
  operation({
    id: "experiments.update",
    method: "PATCH",
    path: "/experiments/:id",
    access: "write",
    summary: "Renames an experiment, sets and removes its tags.",
    params: idPath,
    body: experimentUpdateSchema,
    output: experimentSchema,
    handler: ({ rivulet }, { params, body }) => rivulet.experiments.update(params.id, body),
  }),
  operation({
    id: "experiments.delete",
    method: "DELETE",
    path: "/experiments/:id",
    access: "write",
    summary: "Hides an experiment; its runs stay.",
    params: idPath,
    output: experimentSchema,
    handler: ({ rivulet }, { params }) => rivulet.experiments.delete(params.id),
  }),
  operation({
    id: "experiments.restore",
    method: "POST",
    path: "/experiments/:id/restore",
    access: "write",
    summary: "Brings a deleted experiment back.",
    params: idPath,
    output: experimentSchema,
    handler: ({ rivulet }, { params }) => rivulet.experiments.restore(params.id),
  }),
];
