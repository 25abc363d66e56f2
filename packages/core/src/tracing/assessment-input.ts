import { jsonObjectSchema, jsonValueSchema, LIMITS } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { idSchema, jsonBytes, nameSchema, optionsSchema, textSchema } from "../validation.ts";
import type { AssessmentInput } from "./traces.ts";

/** Bytes of JSON an assessment's value or metadata may have. */
const MAX_BYTES = 65_536;

const small = `must have at most ${MAX_BYTES} bytes as JSON`;

/** Schema of {@link AssessmentInput}. */
export const assessmentInputSchema: z.ZodType<AssessmentInput> = optionsSchema({
  traceId: idSchema,
  spanId: idSchema.exactOptional(),
  name: nameSchema().exactOptional(),
  value: jsonValueSchema.refine((value) => jsonBytes(value) <= MAX_BYTES, small),
  source: z.enum(["human", "llm_judge", "code"]).exactOptional(),
  sourceId: nameSchema().exactOptional(),
  rationale: textSchema(LIMITS.tagValue).exactOptional(),
  metadata: jsonObjectSchema
    .refine((value) => jsonBytes(value) <= MAX_BYTES, small)
    .exactOptional(),
  runId: idSchema.exactOptional(),
});
