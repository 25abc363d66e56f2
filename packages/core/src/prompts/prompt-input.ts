import {
  type ChatMessage,
  chatMessageSchema,
  LIMITS,
  type PageQuery,
  type PromptArm,
  type PromptTemplate,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { listSchema } from "../query.ts";
import {
  aliasesSchema,
  aliasSchema,
  boundedObjectSchema,
  descriptionSchema,
  idSchema,
  jsonBytes,
  listOf,
  optionsSchema,
  referenceNameSchema,
  refuseLonger,
  storedText,
  tagsSchema,
  textSchema,
  versionSchema,
} from "../validation.ts";
import type {
  GetPromptOptions,
  RegisterPromptOptions,
  RenderPromptOptions,
  SetPromptAlias,
  SetPromptSplit,
} from "./prompts.ts";

const MAX_MESSAGES = 1_000;
const TOO_MANY_MESSAGES = `at most ${MAX_MESSAGES} messages`;
const MAX_ARMS = 20;
const TOO_MANY_ARMS = `at most ${MAX_ARMS} arms`;

/** A prompt's name. */
const promptNameSchema: z.ZodType<string> = referenceNameSchema(
  /^[\w.-]*$/,
  "letters, digits, _ . and -",
);

const textTemplateSchema: z.ZodType<string> = storedText().min(1, "must not be empty");

const chatTemplateSchema: z.ZodType<readonly ChatMessage[]> = z
  .array(chatMessageSchema)
  .min(1, "must not be empty")
  .max(MAX_MESSAGES, TOO_MANY_MESSAGES);

const templateSchema: z.ZodType<PromptTemplate> = refuseLonger(
  z.union(
    [textTemplateSchema, chatTemplateSchema],
    "must be text, or a list of messages with role and content",
  ),
  MAX_MESSAGES,
  TOO_MANY_MESSAGES,
)
  .refine(
    (template) => jsonBytes(template as string) <= LIMITS.template,
    `must have at most ${LIMITS.template} bytes as JSON`,
  )
  .describe("Text, or chat messages with role and content, with {{variables}}");

const keySchema = z
  .string()
  .describe("User or session, which always gets the same version of a split");

/** Schema of {@link RegisterPromptOptions}. */
export const registerPromptSchema: z.ZodType<RegisterPromptOptions> = optionsSchema(() => ({
  name: promptNameSchema.describe("Name of the prompt, made when it is not there"),
  template: templateSchema,
  config: boundedObjectSchema(LIMITS.metadataBytes)
    .describe("Settings kept with the version, such as the model")
    .exactOptional(),
  commitMessage: textSchema(LIMITS.description)
    .describe("What changed in this version")
    .exactOptional(),
  description: descriptionSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  aliases: aliasesSchema.exactOptional(),
}));

/** Schema of {@link GetPromptOptions}. */
export const getPromptSchema: z.ZodType<GetPromptOptions> = optionsSchema(() => ({
  key: keySchema.exactOptional(),
}));

/** Schema of {@link RenderPromptOptions}. */
export const renderPromptSchema: z.ZodType<RenderPromptOptions> = optionsSchema(() => ({
  values: z
    .record(z.string(), z.unknown())
    .describe("Value of each variable; default none")
    .exactOptional(),
  key: keySchema.exactOptional(),
}));

const nameOfPrompt = idSchema.describe("Name of the prompt");

/** Schema of what `listVersions` takes. */
export const listVersionsSchema: z.ZodType<PageQuery & { readonly name: string }> = listSchema(
  () => ({
    name: nameOfPrompt,
  }),
);

const armSchema: z.ZodType<PromptArm> = optionsSchema(() => ({
  version: versionSchema,
  weight: z
    .number()
    .positive("must be above 0")
    .describe("Share of the calls, against the sum of all weights"),
}));

const armsSchema: z.ZodType<PromptArm[]> = refuseLonger(
  z.array(armSchema).min(1, "needs an arm").max(MAX_ARMS, TOO_MANY_ARMS),
  MAX_ARMS,
  TOO_MANY_ARMS,
)
  .refine((arms) => new Set(arms.map(({ version }) => version)).size === arms.length, {
    message: "each version may have one arm",
  })
  .describe('Versions with their weights, such as {"version": 2, "weight": 0.5}');

const expectedSchema: z.ZodType<readonly PromptArm[] | null> = listOf(
  armSchema,
  MAX_ARMS,
  TOO_MANY_ARMS,
)
  .nullable()
  .describe("Versions and weights that the alias must have now, null for none; default any");

/** Schema of what `setAlias` takes. */
export const promptAliasSchema: z.ZodType<SetPromptAlias> = optionsSchema(() => ({
  name: nameOfPrompt,
  alias: aliasSchema,
  version: versionSchema,
  expected: expectedSchema.exactOptional(),
}));

/** Schema of what `setSplit` takes. */
export const promptSplitSchema: z.ZodType<SetPromptSplit> = optionsSchema(() => ({
  name: nameOfPrompt,
  alias: aliasSchema,
  arms: armsSchema,
  expected: expectedSchema.exactOptional(),
}));
