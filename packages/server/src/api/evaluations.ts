import { comparisonSchema, evaluationRowSchema, evaluationSchema, pageSchema } from "@rivulet/core";
import * as z from "zod";
import { type Operation, operation } from "./operation.ts";
import { idPath } from "./path-schemas.ts";
import { pageQuerySchema, scopedSearchSchema } from "./query-schemas.ts";

const pairSchema: z.ZodType<{ readonly baselineId: string; readonly candidateId: string }> =
  z.object({ baselineId: z.string(), candidateId: z.string() });

/** Operations on evaluations. */
export const evaluationOperations: readonly Operation[] = [
  operation({
    id: "evaluations.search",
    method: "GET",
    path: "/evaluations",
    access: "read",
    summary: "Searches evaluations, newest first.",
    query: scopedSearchSchema,
    output: pageSchema(evaluationSchema),
    handler: ({ rivulet }, { query }) => rivulet.evaluations.search(query),
  }),
  operation({
    id: "evaluations.compare",
    method: "GET",
    path: "/evaluations/compare",
    access: "read",
    summary: "Two evaluations side by side, paired by row, with confidence intervals.",
    query: pairSchema,
    output: comparisonSchema,
    handler: ({ rivulet }, { query }) => rivulet.evaluations.compare(query),
  }),
  operation({
    id: "evaluations.get",
    method: "GET",
    path: "/evaluations/:id",
    access: "read",
    summary: "Gives an evaluation with its scores.",
    params: idPath,
    output: evaluationSchema,
    handler: ({ rivulet }, { params }) => rivulet.evaluations.get(params.id),
  }),
  operation({
    id: "evaluations.listRows",
    method: "GET",
    path: "/evaluations/:id/rows",
    access: "read",
    summary: "The rows of an evaluation: example, output and scores.",
    params: idPath,
    query: pageQuerySchema,
    output: pageSchema(evaluationRowSchema),
    handler: async ({ rivulet }, { params, query }) => {
      const page = await rivulet.evaluations.listRows({ ...query, evaluationId: params.id });
      if (page.items.length === 0) await rivulet.evaluations.get(params.id);
      return page;
    },
  }),
];
