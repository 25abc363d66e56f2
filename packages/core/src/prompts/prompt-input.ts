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
  idSchema,
  jsonBytes,
  listOf,
  optionsSchema,
  referenceNameSchema,
  refuseLonger,
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

const textTemplateSchema: z.ZodType<string> = z.string().min(1, "must not be empty");

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
).refine(
  (template) => jsonBytes(template as string) <= LIMITS.template,
  `must have at most ${LIMITS.template} bytes as JSON`,
);

/** Schema of {@link RegisterPromptOptions}. */
export const registerPromptSchema: z.ZodType<RegisterPromptOptions> = optionsSchema({
  name: promptNameSchema,
  template: templateSchema,
  config: boundedObjectSchema(LIMITS.metadataBytes).exactOptional(),
  commitMessage: textSchema(LIMITS.description).exactOptional(),
  description: textSchema(LIMITS.description).exactOptional(),
  tags: tagsSchema.exactOptional(),
  aliases: aliasesSchema.exactOptional(),
});

/** Schema of {@link GetPromptOptions}. */
export const getPromptSchema: z.ZodType<GetPromptOptions> = optionsSchema({
  key: z.string().exactOptional(),
});

/** Schema of {@link RenderPromptOptions}. */
export const renderPromptSchema: z.ZodType<RenderPromptOptions> = optionsSchema({
  values: z.record(z.string(), z.unknown()).exactOptional(),
  key: z.string().exactOptional(),
});

/** Schema of what `listVersions` takes. */
export const listVersionsSchema: z.ZodType<PageQuery & { readonly name: string }> = listSchema({
  name: idSchema,
});

const armSchema: z.ZodType<PromptArm> = optionsSchema({
  version: versionSchema,
  weight: z.number().positive("must be above 0"),
});

const armsSchema: z.ZodType<PromptArm[]> = refuseLonger(
  z.array(armSchema).min(1, "needs an arm").max(MAX_ARMS, TOO_MANY_ARMS),
  MAX_ARMS,
  TOO_MANY_ARMS,
).refine((arms) => new Set(arms.map(({ version }) => version)).size === arms.length, {
  message: "each version may have one arm",
});

const expectedSchema: z.ZodType<readonly PromptArm[] | null> = listOf(
  armSchema,
  MAX_ARMS,
  TOO_MANY_ARMS,
).nullable();

/** Schema of what `setAlias` takes. */
export const promptAliasSchema: z.ZodType<SetPromptAlias> = optionsSchema({
  name: idSchema,
  alias: aliasSchema,
  version: versionSchema,
  expected: expectedSchema.exactOptional(),
});

/** Schema of what `setSplit` takes. */
export const promptSplitSchema: z.ZodType<SetPromptSplit> = optionsSchema({
  name: idSchema,
  alias: aliasSchema,
  arms: armsSchema,
  expected: expectedSchema.exactOptional(),
});
