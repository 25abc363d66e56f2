import type { Evaluation, EvaluationRow } from "@rivulet/domain";
import { RivuletError, toRivuletError } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { runPool } from "../pool.ts";
import type { TracingFeature } from "../tracing/create-tracing.ts";
import type { ActiveRun } from "../tracking/active-run.ts";
import { endOf } from "../tracking/run-end.ts";
import type { Runs } from "../tracking/runs.ts";
import { evaluateRow, type RowOptions } from "./evaluate-row.ts";
import type { DataSources } from "./evaluation-items.ts";
import { type EvaluationPlan, planEvaluation } from "./evaluation-plan.ts";
import type { Evaluate, EvaluateOptions, EvaluationResult } from "./evaluations.ts";
import { createRowWriter, type RowWriter } from "./row-writer.ts";
import { scoreDirections, scoreMetrics } from "./score-metrics.ts";
import { countFailedRows, summarizeScores } from "./summarize.ts";

/** The features that `evaluate` builds on. */
export interface EvaluateDependencies extends DataSources {
  readonly tracing: TracingFeature;
  readonly runs: Runs;
}

/** Creates `rivulet.evaluate`. */
export function createEvaluate(context: Context, deps: EvaluateDependencies): Evaluate {
  return async (options) => {
    const plan = await planEvaluation(options, { sources: deps, now: context.now() });
    if (options.signal?.aborted === true) throw abortedError(plan.name);
    const run = await deps.runs.start({
      ...(options.experiment === undefined ? {} : { experiment: options.experiment }),
      name: plan.name,
      params: plan.params,
      tags: { "rivulet.kind": "evaluation" },
    });
    return execute({ context, deps, options, plan, run, rows: [] });
  };
}

interface Execution<Input, Output, Expected> {
  readonly context: Context;
  readonly deps: EvaluateDependencies;
  readonly options: EvaluateOptions<Input, Output, Expected>;
  readonly plan: EvaluationPlan<Input, Output, Expected>;
  readonly run: ActiveRun;
  /** Finished rows. */
  readonly rows: EvaluationRow[];
}

async function execute<Input, Output, Expected>(
  execution: Execution<Input, Output, Expected>,
): Promise<EvaluationResult> {
  const { context, deps, options, plan } = execution;
  const evaluation = describe(execution);
  const writer = createRowWriter({ context, flushSpans: deps.tracing.flush });
  try {
    await (await context.store()).evaluations.create(evaluation);
    await runRows(execution, writer);
    await writer.drain();
    return await conclude(execution, { ...evaluation, status: "finished" });
  } catch (error) {
    const isAborted = options.signal?.aborted === true;
    // Finished rows are kept if possible.
    await writer.drain().catch(() => undefined);
    const status = isAborted ? "killed" : "failed";
    await conclude(execution, { ...evaluation, status }).catch(context.reportError);
    throw isAborted ? abortedError(plan.name) : toRivuletError(error);
  }
}

function describe<Input, Output, Expected>({
  context,
  plan,
  run,
}: Execution<Input, Output, Expected>): Evaluation {
  const { items, source } = plan.data;
  return {
    id: run.id,
    experimentId: run.experimentId,
    name: plan.name,
    status: "running",
    startTime: context.now(),
    ...source,
    rowCount: items.length,
    errorCount: 0,
    scores: [],
    metadata: plan.metadata,
  };
}

async function runRows<Input, Output, Expected>(
  execution: Execution<Input, Output, Expected>,
  writer: RowWriter,
): Promise<void> {
  const { context, deps, options, plan, run, rows } = execution;
  const rowOptions: RowOptions<Input, Output, Expected> = {
    context,
    tracing: deps.tracing,
    runId: run.id,
    experimentId: run.experimentId,
    task: options.task,
    taskName: plan.taskName,
    scorers: plan.scorers,
    timeoutMs: plan.timeoutMs,
    signal: options.signal,
  };
  await runPool(plan.rowTrials, plan.concurrency, async (rowTrial) => {
    options.signal?.throwIfAborted();
    const failure = writer.failure();
    if (failure !== undefined) throw failure;
    const finished = await evaluateRow(rowTrial, rowOptions);
    rows.push(finished.row);
    writer.add(finished);
    tellProgress(execution);
  });
}

function tellProgress<Input, Output, Expected>({
  context,
  options,
  plan,
  rows,
}: Execution<Input, Output, Expected>): void {
  try {
    options.onProgress?.({ done: rows.length, total: plan.rowTrials.length });
  } catch (error) {
    context.reportError(error);
  }
}

async function conclude<Input, Output, Expected>(
  { context, plan, run, rows }: Execution<Input, Output, Expected>,
  evaluation: Evaluation & { readonly status: "finished" | "failed" | "killed" },
): Promise<EvaluationResult> {
  const ended = {
    ...evaluation,
    endTime: endOf(evaluation, context.now()),
    errorCount: countFailedRows(rows),
    scores: summarizeScores(plan.scorers, rows),
  };
  run.logMetrics(scoreMetrics(ended.scores, rows));
  await declareDirections({ context, plan, run });
  await (await context.store()).evaluations.update(ended);
  await run.finish(evaluation.status);
  return { ...ended, rows: inOrder(plan, rows) };
}

/** What the app has declared stays; an experiment that declares too much keeps no evaluation from ending. */
async function declareDirections<Input, Output, Expected>({
  context,
  plan,
  run,
}: Pick<Execution<Input, Output, Expected>, "context" | "plan" | "run">): Promise<void> {
  const metrics = scoreDirections(plan.scorers);
  const { experiments } = await context.store();
  const declared = { id: run.experimentId, metrics, updatedAt: context.now() };
  await experiments.declareMetrics(declared).catch(context.reportError);
}

/** In the order of the data, not in which the rows finished. */
function inOrder<Input, Output, Expected>(
  { data }: EvaluationPlan<Input, Output, Expected>,
  rows: readonly EvaluationRow[],
): readonly EvaluationRow[] {
  const place = new Map(data.items.map(({ rowId }, index) => [rowId, index]));
  const placeOf = ({ rowId }: EvaluationRow): number => place.get(rowId) ?? 0;
  return rows.toSorted((one, other) => placeOf(one) - placeOf(other) || one.trial - other.trial);
}

function abortedError(name: string): RivuletError {
  return new RivuletError("aborted", `Evaluation "${name}" was aborted by its signal.`);
}
