import type { Comparison, Evaluation, EvaluationRow } from "@rivulet/core";
import { at } from "../api/http.ts";
import { ask, askPages, type PagedQuestion, type Question } from "../api/query-client.ts";

export function askEvaluations(query: {
  readonly filter?: string;
  readonly orderBy?: string;
  readonly experimentIds?: readonly string[];
}): PagedQuestion<Evaluation> {
  return askPages({ subject: "evaluation" }, "/evaluations", query);
}

export function askEvaluation(id: string): Question<Evaluation> {
  return ask({ subject: "evaluation", id }, at`/evaluations/${id}`);
}

export function askEvaluationRows(id: string): PagedQuestion<EvaluationRow> {
  return askPages({ subject: "evaluation", id }, at`/evaluations/${id}/rows`);
}

export function askComparison(baselineId: string, candidateId: string): Question<Comparison> {
  return ask({ subject: "evaluation" }, "/evaluations/compare", { baselineId, candidateId });
}
