import {
  chatMessageSchema,
  pageSchema,
  promptEntrySchema,
  promptRefSchema,
  promptVersionSchema,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import {
  getPromptSchema,
  listVersionsSchema,
  promptAliasSchema,
  promptSplitSchema,
  registerPromptSchema,
  renderPromptSchema,
} from "../prompts/prompt-input.ts";
import type { Prompt, RenderedPrompt } from "../prompts/prompts.ts";
import { searchSchema } from "../query.ts";
import { aliasKeySchema, describedPatchSchema, idSchema, referenceSchema } from "../validation.ts";
import { before, nothing, type Operation, only, operation } from "./operation.ts";

// What a door sends of a prompt is its data, without the methods.
const promptSchema = z.intersection(
  promptVersionSchema,
  z.object({ ref: promptRefSchema }),
) as unknown as z.ZodType<Prompt>;

const renderedSchema: z.ZodType<RenderedPrompt> = z.object({
  messages: z.array(chatMessageSchema),
  text: z.string().exactOptional(),
});

const name = idSchema.describe("Name of the prompt");

/** Operations on prompts and their aliases. */
const entries: readonly Operation[] = [
  operation("prompts.getEntry", {
    access: "read",
    summary: "Gives a prompt with its aliases.",
    positional: ["name"],
    input: only("name", name),
    output: promptEntrySchema,
  }),
  operation("prompts.search", {
    access: "read",
    summary: "Searches prompts, by name.",
    input: searchSchema,
    output: pageSchema(promptEntrySchema),
  }),
  operation("prompts.update", {
    access: "write",
    summary: "Describes a prompt, sets and removes its tags.",
    positional: ["name"],
    input: before("name", name, describedPatchSchema),
    output: promptEntrySchema,
  }),
  operation("prompts.delete", {
    access: "write",
    summary: "Removes a prompt with all its versions and aliases.",
    positional: ["name"],
    input: only("name", name),
    output: nothing,
  }),
  operation("prompts.setAlias", {
    access: "write",
    summary: "Points an alias at one version.",
    input: promptAliasSchema,
    output: nothing,
  }),
  operation("prompts.setSplit", {
    access: "write",
    summary: "Splits an alias between versions by weight.",
    input: promptSplitSchema,
    output: nothing,
  }),
  operation("prompts.deleteAlias", {
    access: "write",
    summary: "Removes an alias.",
    input: aliasKeySchema,
    output: nothing,
  }),
];

/** Operations on their versions. */
const versions: readonly Operation[] = [
  operation("prompts.register", {
    access: "write",
    summary: "Adds a version; the same content as the latest gives the latest.",
    input: registerPromptSchema,
    output: promptSchema,
  }),
  operation("prompts.get", {
    access: "read",
    summary: "Gives the version that name@3, name@alias or name means.",
    positional: ["reference"],
    input: before("reference", referenceSchema, getPromptSchema),
    output: promptSchema,
  }),
  operation("prompts.render", {
    access: "read",
    summary: "Fills a version's variables in.",
    positional: ["reference"],
    input: before("reference", referenceSchema, renderPromptSchema),
    output: renderedSchema,
  }),
  operation("prompts.listVersions", {
    access: "read",
    summary: "The versions of a prompt, newest first.",
    input: listVersionsSchema,
    output: pageSchema(promptVersionSchema),
  }),
];

/** Operations on the prompt registry. */
export const promptOperations: readonly Operation[] = [...entries, ...versions];
