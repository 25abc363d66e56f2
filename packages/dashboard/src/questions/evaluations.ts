import type { Comparison, Evaluation, EvaluationRow } from "@rivulet/core";
import { ask, askPages, type PagedQuestion, type Question } from "../api/query-client.ts";
import { type ListQuery, searched } from "./list-query.ts";

export function askEvaluations(query: ListQuery): PagedQuestion<Evaluation> {
  return askPages({ subject: "evaluation" }, "evaluations.search", searched(query));
}

export function askEvaluation(id: string): Question<Evaluation> {
  return ask({ subject: "evaluation", id }, "evaluations.get", id);
}

export function askEvaluationRows(evaluationId: string): PagedQuestion<EvaluationRow> {
  const about = { subject: "evaluation", id: evaluationId } as const;
  return askPages(about, "evaluations.listRows", { evaluationId });
}

export function askEvaluationRow(
  evaluationId: string,
  row: { readonly rowId: string; readonly trial: number },
): Question<EvaluationRow> {
  const about = { subject: "evaluation", id: evaluationId } as const;
  return ask(about, "evaluations.getRow", { evaluationId, ...row });
}

export function askComparison(baselineId: string, candidateId: string): Question<Comparison> {
  const pair = { baselineId, candidateId };
  return ask({ subject: "evaluation" }, "evaluations.compare", pair);
}
