import {
  comparisonSchema,
  evaluationRowSchema,
  evaluationSchema,
  pageSchema,
} from "@rivulet/domain";
import { compareSchema, getRowSchema, listRowsSchema } from "../evaluation/create-evaluations.ts";
import { scopedSearchSchema } from "../query.ts";
import { idSchema } from "../validation.ts";
import { type Operation, only, operation } from "./operation.ts";

const id = idSchema.describe("Id of the evaluation");

/** Operations on evaluations. */
export const evaluationOperations: readonly Operation[] = [
  operation("evaluations.get", {
    access: "read",
    summary: "Gives an evaluation with its scores.",
    positional: ["id"],
    input: only("id", id),
    output: evaluationSchema,
  }),
  operation("evaluations.search", {
    access: "read",
    summary: "Searches evaluations, newest first.",
    input: scopedSearchSchema,
    output: pageSchema(evaluationSchema),
  }),
  operation("evaluations.listRows", {
    access: "read",
    summary: "The rows of an evaluation in the order of its data: example, output and scores.",
    input: listRowsSchema,
    output: pageSchema(evaluationRowSchema),
  }),
  operation("evaluations.getRow", {
    access: "read",
    summary: "Gives one row of an evaluation with everything in it.",
    input: getRowSchema,
    output: evaluationRowSchema,
  }),
  operation("evaluations.compare", {
    access: "read",
    summary: "Two evaluations side by side, paired by row, with confidence intervals.",
    input: compareSchema,
    output: comparisonSchema,
  }),
];
