// Pages of evaluations, whose code is loaded together.

export { ComparisonPage } from "./evaluations/comparison-page.tsx";
export { EvaluationPage } from "./evaluations/evaluation-page.tsx";
export { EvaluationsPage } from "./evaluations/evaluations-page.tsx";
