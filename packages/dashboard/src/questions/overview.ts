import type {
  ErrorGroup,
  Evaluation,
  Page,
  Run,
  Trace,
  TraceAggregate,
  TraceGroup,
  ValueCount,
} from "@rivulet/core";
import { keepPreviousData } from "@tanstack/query-core";
import type { AnswerOf, MethodOf, VerbId } from "../api/client.ts";
import { ask, type Question } from "../api/query-client.ts";

/** Sums move with every trace; they are asked for anew this often, however busy the app is. */
const EVERY_MS = 10_000;

/** Which traces are summed up. */
export interface Selected {
  readonly filter: string;
  readonly experimentIds?: readonly string[];
}

/** Asks now and then instead of at every change; what was known stays until then. */
function askNowAndThen<Id extends VerbId>(
  id: Id,
  ...given: Parameters<MethodOf<Id>>
): Question<AnswerOf<Id>> {
  return {
    ...ask({ subject: "trace" }, id, ...given),
    queryKey: ["overview", null, id, given],
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData as never,
  };
}

/** Sums over traces: all at once, by time, by group. */
export function askTraceSums(
  query: Selected & {
    readonly groupBy?: readonly TraceGroup[];
    readonly bucketMs?: number;
    readonly withFeedback?: boolean;
  },
): Question<readonly TraceAggregate[]> {
  return askNowAndThen("traces.aggregate", query);
}

/** The most frequent values of a field. */
export function askFrequent(
  query: Selected & { readonly field: string; readonly limit: number },
): Question<readonly ValueCount[]> {
  return askNowAndThen("traces.values", query);
}

/** What fails, the most frequent first. */
export function askErrorGroups(
  query: Selected & { readonly limit: number },
): Question<readonly ErrorGroup[]> {
  return askNowAndThen("traces.groupErrors", query);
}

/** The newest trace of a selection, or the oldest. */
export function askOneTrace(
  query: Selected,
  order: "startTime ASC" | "startTime DESC",
): Question<Page<Trace>> {
  const { filter, ...scope } = query;
  const found = { ...scope, ...(filter !== "" && { filter }), orderBy: [order], limit: 1 };
  return ask({ subject: "trace" }, "traces.search", found);
}

/** Runs that are under way, the latest first. */
export function askRunning(query: Omit<Selected, "filter">): Question<Page<Run>> {
  const running = { ...query, filter: "status = 'running'", limit: 6 };
  return ask({ subject: "run" }, "runs.search", running);
}

/** Whether there are runs at all. */
export function askAnyRun(query: Omit<Selected, "filter">): Question<Page<Run>> {
  return ask({ subject: "run" }, "runs.search", { ...query, limit: 1 });
}

/** The latest evaluations. */
export function askLatestEvaluations(query: Omit<Selected, "filter">): Question<Page<Evaluation>> {
  const latest = { ...query, orderBy: ["startTime DESC"], limit: 8 };
  return ask({ subject: "evaluation" }, "evaluations.search", latest);
}
