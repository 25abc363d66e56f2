import {
  describedPatchSchema,
  modelVersionSchema,
  pageSchema,
  type RegisterModelOptions,
  stringMapSchema,
} from "@rivulet/core";
import * as z from "zod";
import { nothing, type Operation, operation } from "./operation.ts";
import { namePath, versionPath } from "./path-schemas.ts";
import { searchQuerySchema } from "./query-schemas.ts";

const newVersionSchema: z.ZodType<Omit<RegisterModelOptions, "name">> = z.object({
  runId: z.string().exactOptional(),
  artifactPath: z.string().exactOptional(),
  source: z.string().exactOptional(),
  description: z.string().exactOptional(),
  tags: stringMapSchema.exactOptional(),
  aliases: z.array(z.string()).exactOptional(),
});

/** Operations on versions of registered models. */
export const modelVersionOperations: readonly Operation[] = [
  operation({
    id: "modelVersions.search",
    method: "GET",
    path: "/model-versions",
    access: "read",
    summary: "Searches the versions of all models, newest first.",
    query: searchQuerySchema,
    output: pageSchema(modelVersionSchema),
    handler: ({ rivulet }, { query }) => rivulet.models.searchVersions(query),
  }),
  operation({
    id: "modelVersions.register",
    method: "POST",
    path: "/models/:name/versions",
    access: "write",
    summary: "Adds the next version; makes the model when it is not there.",
    params: namePath,
    body: newVersionSchema,
    output: modelVersionSchema,
    handler: ({ rivulet }, { params, body }) => rivulet.models.register({ ...body, ...params }),
  }),
  operation({
    id: "modelVersions.get",
    method: "GET",
    path: "/models/:name/versions/:version",
    access: "read",
    summary: "Gives a version.",
    params: versionPath,
    output: modelVersionSchema,
    handler: ({ rivulet }, { params: { name, version } }) =>
      rivulet.models.getVersion(`${name}@${version}`),
  }),
  operation({
    id: "modelVersions.update",
    method: "PATCH",
    path: "/models/:name/versions/:version",
    access: "write",
    summary: "Describes a version, sets and removes its tags.",
    params: versionPath,
    body: describedPatchSchema,
    output: modelVersionSchema,
    handler: ({ rivulet }, { params, body }) => rivulet.models.updateVersion(params, body),
  }),
  operation({
    id: "modelVersions.delete",
    method: "DELETE",
    path: "/models/:name/versions/:version",
    access: "write",
    summary: "Removes a version and the aliases that point at it.",
    params: versionPath,
    output: nothing,
    handler: async ({ rivulet }, { params }) => {
      await rivulet.models.deleteVersion(params);
      return {};
    },
  }),
];
