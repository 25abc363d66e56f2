import {
  chatMessageSchema,
  LIMITS,
  type PromptArm,
  type PromptTemplate,
  promptArmSchema,
} from "@rivulet/domain";
import * as z from "zod";
import {
  aliasesSchema,
  aliasSchema,
  boundedObjectSchema,
  idSchema,
  jsonBytes,
  referenceNameSchema,
  tagsSchema,
  textSchema,
  versionSchema,
} from "../validation.ts";
import type { RegisterPromptOptions, SetPromptAlias, SetPromptSplit } from "./prompts.ts";

/** A prompt's name. */
const promptNameSchema: z.ZodType<string> = referenceNameSchema(
  /^[\w.-]*$/,
  "letters, digits, _ . and -",
);

const templateSchema: z.ZodType<PromptTemplate> = z
  .union(
    [
      z.string().min(1, "must not be empty"),
      z.array(chatMessageSchema).min(1, "must not be empty").max(1000, "at most 1000 messages"),
    ],
    "must be text, or a list of messages with role and content",
  )
  .refine(
    (template) => jsonBytes(template as string) <= LIMITS.template,
    `must have at most ${LIMITS.template} bytes as JSON`,
  );

/** Schema of {@link RegisterPromptOptions}. */
export const registerPromptSchema: z.ZodType<RegisterPromptOptions> = z.object({
  name: promptNameSchema,
  template: templateSchema,
  config: boundedObjectSchema(LIMITS.metadataBytes).exactOptional(),
  commitMessage: textSchema(LIMITS.description).exactOptional(),
  description: textSchema(LIMITS.description).exactOptional(),
  tags: tagsSchema.exactOptional(),
  aliases: aliasesSchema.exactOptional(),
});

const armsSchema: z.ZodType<PromptArm[]> = z
  .array(promptArmSchema)
  .min(1, "needs an arm")
  .max(20, "at most 20 arms")
  .refine((arms) => new Set(arms.map(({ version }) => version)).size === arms.length, {
    message: "each version may have one arm",
  });

const expectedSchema: z.ZodType<readonly PromptArm[] | null> = z.array(promptArmSchema).nullable();

/** Schema of what `setAlias` takes. */
export const promptAliasSchema: z.ZodType<SetPromptAlias> = z.object({
  name: idSchema,
  alias: aliasSchema,
  version: versionSchema,
  expected: expectedSchema.exactOptional(),
});

/** Schema of what `setSplit` takes. */
export const promptSplitSchema: z.ZodType<SetPromptSplit> = z.object({
  name: idSchema,
  alias: aliasSchema,
  arms: armsSchema,
  expected: expectedSchema.exactOptional(),
});
