import { jsonObjectSchema, jsonValueSchema, LIMITS } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { idSchema, jsonBytes, nameSchema, optionsSchema, textSchema } from "../validation.ts";
import type { AssessmentInput } from "./traces.ts";

/** Bytes of JSON an assessment's value or metadata may have. */
const MAX_BYTES = 65_536;

const small = `must have at most ${MAX_BYTES} bytes as JSON`;

/** Schema of {@link AssessmentInput}. */
export const assessmentInputSchema: z.ZodType<AssessmentInput> = optionsSchema(() => ({
  traceId: idSchema.describe("Id of the trace"),
  spanId: idSchema.describe("Id of one of its spans; default the whole trace").exactOptional(),
  name: nameSchema().describe("What is judged; default user_feedback, or expected").exactOptional(),
  value: jsonValueSchema
    .refine((value) => jsonBytes(value) <= MAX_BYTES, small)
    .describe("The judgement: a number, text, true or false, or JSON"),
  source: z
    .enum(["human", "llm_judge", "code"])
    .describe("What kind of judge; default human")
    .exactOptional(),
  sourceId: nameSchema().describe("Which user, model or scorer").exactOptional(),
  rationale: textSchema(LIMITS.tagValue).describe("Why it is judged so").exactOptional(),
  metadata: jsonObjectSchema
    .refine((value) => jsonBytes(value) <= MAX_BYTES, small)
    .describe("Facts about the judgement")
    .exactOptional(),
  runId: idSchema.describe("Id of the run that judged").exactOptional(),
}));
