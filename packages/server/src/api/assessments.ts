import {
  type Assessment,
  type AssessmentInput,
  assessmentSchema,
  jsonObjectSchema,
  jsonValueSchema,
} from "@rivulet/core";
import * as z from "zod";
import { nothing, type Operation, operation } from "./operation.ts";
import { idPath } from "./path-schemas.ts";

interface NewAssessment extends Omit<AssessmentInput, "traceId" | "runId"> {
  readonly kind: Assessment["kind"];
}

const newAssessmentSchema: z.ZodType<NewAssessment> = z.object({
  kind: z.enum(["feedback", "expectation"]),
  name: z.string().exactOptional(),
  value: jsonValueSchema,
  spanId: z.string().exactOptional(),
  rationale: z.string().exactOptional(),
  source: z.enum(["human", "llm_judge", "code"]).exactOptional(),
  sourceId: z.string().exactOptional(),
  metadata: jsonObjectSchema.exactOptional(),
});

const assessmentListSchema: z.ZodType<{ readonly items: readonly Assessment[] }> = z.object({
  items: z.array(assessmentSchema),
});

/** Operations on what is said of traces. */
export const assessmentOperations: readonly Operation[] = [
  operation({
    id: "assessments.list",
    method: "GET",
    path: "/traces/:id/assessments",
    access: "read",
    summary: "What was said of a trace, by time.",
    params: idPath,
    output: assessmentListSchema,
    handler: async ({ rivulet }, { params }) => {
      const items = await rivulet.traces.listAssessments({ traceIds: [params.id] });
      if (items.length === 0) await rivulet.traces.get(params.id);
      return { items };
    },
  }),
  operation({
    id: "assessments.add",
    method: "POST",
    path: "/traces/:id/assessments",
    access: "annotate",
    summary: "Says what somebody thinks of a trace, or what should have come out.",
    params: idPath,
    body: newAssessmentSchema,
    output: assessmentSchema,
    handler: ({ rivulet }, { params, body: { kind, ...said }, caller }) => {
      const assessment = { sourceId: caller.id, ...said, traceId: params.id };
      return kind === "feedback"
        ? rivulet.traces.logFeedback(assessment)
        : rivulet.traces.logExpectation(assessment);
    },
  }),
  operation({
    id: "assessments.delete",
    method: "DELETE",
    path: "/assessments/:id",
    access: "annotate",
    summary: "Removes an assessment.",
    params: idPath,
    output: nothing,
    handler: async ({ rivulet }, { params }) => {
      await rivulet.traces.deleteAssessment(params.id);
      return {};
    },
  }),
];
