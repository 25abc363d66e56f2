import {
  createModelSchema,
  describedPatchSchema,
  pageSchema,
  registeredModelSchema,
} from "@rivulet/core";
import * as z from "zod";
import { nothing, type Operation, operation } from "./operation.ts";
import { aliasPath, namePath } from "./path-schemas.ts";
import { searchQuerySchema } from "./query-schemas.ts";

const versionNumberSchema: z.ZodType<{ readonly version: number }> = z.object({
  version: z.int().positive(),
});

/** Operations on registered models. */
export const modelOperations: readonly Operation[] = [
  operation({
    id: "models.search",
    method: "GET",
    path: "/models",
    access: "read",
    summary: "Searches registered models.",
    query: searchQuerySchema,
    output: pageSchema(registeredModelSchema),
    handler: ({ rivulet }, { query }) => rivulet.models.search(query),
  }),
  operation({
    id: "models.create",
    method: "POST",
    path: "/models",
    access: "write",
    summary: "Creates a model without versions.",
    body: createModelSchema,
    output: registeredModelSchema,
    handler: ({ rivulet }, { body }) => rivulet.models.create(body),
  }),
  operation({
    id: "models.get",
    method: "GET",
    path: "/models/:name",
    access: "read",
    summary: "Gives a model with its aliases.",
    params: namePath,
    output: registeredModelSchema,
    handler: ({ rivulet }, { params }) => rivulet.models.get(params.name),
  }),
  operation({
    id: "models.update",
    method: "PATCH",
    path: "/models/:name",
    access: "write",
    summary: "Describes a model, sets and removes its tags.",
    params: namePath,
    body: describedPatchSchema,
    output: registeredModelSchema,
    handler: ({ rivulet }, { params, body }) => rivulet.models.update(params.name, body),
  }),
  operation({
    id: "models.delete",
    method: "DELETE",
    path: "/models/:name",
    access: "write",
    summary: "Removes a model with all its versions.",
    params: namePath,
    output: nothing,
    handler: async ({ rivulet }, { params }) => {
      await rivulet.models.delete(params.name);
      return {};
    },
  }),
  operation({
    id: "models.setAlias",
    method: "PUT",
    path: "/models/:name/aliases/:alias",
    access: "write",
    summary: "Points an alias at a version.",
    params: aliasPath,
    body: versionNumberSchema,
    output: nothing,
    handler: async ({ rivulet }, { params, body }) => {
      await rivulet.models.setAlias({ ...params, ...body });
      return {};
    },
  }),
  operation({
    id: "models.deleteAlias",
    method: "DELETE",
    path: "/models/:name/aliases/:alias",
    access: "write",
    summary: "Removes an alias.",
    params: aliasPath,
    output: nothing,
    handler: async ({ rivulet }, { params }) => {
      await rivulet.models.deleteAlias(params);
      return {};
    },
  }),
];
