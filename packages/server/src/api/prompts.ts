import {
  describedPatchSchema,
  type PromptArm,
  pageSchema,
  promptArmSchema,
  promptEntrySchema,
} from "@rivulet/core";
import * as z from "zod";
import { nothing, type Operation, operation } from "./operation.ts";
import { aliasPath, namePath } from "./path-schemas.ts";
import { searchQuerySchema } from "./query-schemas.ts";

interface AliasBody {
  readonly arms: readonly PromptArm[];
  /** The arms the caller has seen; `null` for a new alias. */
  readonly expected?: readonly PromptArm[] | null;
}

const aliasSchema: z.ZodType<AliasBody> = z.object({
  arms: z.array(promptArmSchema),
  expected: z.array(promptArmSchema).nullable().exactOptional(),
});

/** Operations on prompts and their aliases. */
export const promptOperations: readonly Operation[] = [
  operation({
    id: "prompts.search",
    method: "GET",
    path: "/prompts",
    access: "read",
    summary: "Searches prompts, by name.",
    query: searchQuerySchema,
    output: pageSchema(promptEntrySchema),
    handler: ({ rivulet }, { query }) => rivulet.prompts.search(query),
  }),
  operation({
    id: "prompts.get",
    method: "GET",
    path: "/prompts/:name",
    access: "read",
    summary: "Gives a prompt with its aliases.",
    params: namePath,
    output: promptEntrySchema,
    handler: ({ rivulet }, { params }) => rivulet.prompts.getEntry(params.name),
  }),
  operation({
    id: "prompts.update",
    method: "PATCH",
    path: "/prompts/:name",
    access: "write",
    summary: "Describes a prompt, sets and removes its tags.",
    params: namePath,
    body: describedPatchSchema,
    output: promptEntrySchema,
    handler: ({ rivulet }, { params, body }) => rivulet.prompts.update(params.name, body),
  }),
  operation({
    id: "prompts.delete",
    method: "DELETE",
    path: "/prompts/:name",
    access: "write",
    summary: "Removes a prompt with all its versions and aliases.",
    params: namePath,
    output: nothing,
    handler: async ({ rivulet }, { params }) => {
      await rivulet.prompts.delete(params.name);
      return {};
    },
  }),
  operation({
    id: "prompts.setAlias",
    method: "PUT",
    path: "/prompts/:name/aliases/:alias",
    access: "write",
    summary: "Points an alias at one version, or splits it between several by weight.",
    params: aliasPath,
    body: aliasSchema,
    output: nothing,
    handler: async ({ rivulet }, { params, body }) => {
      await rivulet.prompts.setSplit({ ...params, ...body });
      return {};
    },
  }),
  operation({
    id: "prompts.deleteAlias",
    method: "DELETE",
    path: "/prompts/:name/aliases/:alias",
    access: "write",
    summary: "Removes an alias.",
    params: aliasPath,
    output: nothing,
    handler: async ({ rivulet }, { params }) => {
      await rivulet.prompts.deleteAlias(params);
      return {};
    },
  }),
];
