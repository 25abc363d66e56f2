import type { Assessment, EvaluationRow } from "@rivulet/domain";
import { failureEnd } from "../tracing/failure.ts";
import type { ActiveSpan } from "../tracing/tracing.ts";
import { withDeadline } from "./deadline.ts";
import type { EvaluationItem } from "./evaluation-items.ts";
import type { EvaluateOptions } from "./evaluations.ts";
import type { NamedScorer } from "./score-name.ts";
import { errorText, type Scored, type ScoringOptions, scoreRow } from "./score-row.ts";
import { toKeptJson } from "./to-json.ts";

/** Options of {@link evaluateRow}. */
export interface RowOptions<Input, Output, Expected> extends ScoringOptions {
  readonly experimentId: string;
  readonly task: EvaluateOptions<Input, Output, Expected>["task"];
  readonly taskName: string;
  readonly scorers: readonly NamedScorer<Input, Output, Expected>[];
}

/** A finished row, and the assessments for its trace. */
export interface FinishedRow {
  readonly row: EvaluationRow;
  readonly assessments: readonly Assessment[];
}

/** One trial of one item. */
export interface RowTrial<Input, Expected> {
  readonly item: EvaluationItem<Input, Expected>;
  readonly trial: number;
  /** Place of the item in the data, from 0. */
  readonly position: number;
}

/**
 * Runs the task on one item in a trace of its own, then the scorers. If the task fails, the row has an error. Throws only
 * when the whole evaluation is aborted.
 */
export async function evaluateRow<Input, Output, Expected>(
  rowTrial: RowTrial<Input, Expected>,
  options: RowOptions<Input, Output, Expected>,
): Promise<FinishedRow> {
  const span = startTrace(rowTrial, options);
  const started = options.context.now();
  const outcome = await runTask(rowTrial, span, options);
  const durationMs = Math.max(0, options.context.now() - started);
  const scored =
    "error" in outcome ? undefined : await scoreOutput({ rowTrial, span, ...outcome }, options);
  options.signal?.throwIfAborted();
  const scores =
    scored?.map(({ score }) => score) ??
    options.scorers.map(({ name }) => ({ name, value: null, error: "The task failed." }));
  const row = { ...describeRow(rowTrial, options.runId), ...kept(outcome), scores, durationMs };
  if (span.sampled === false) return { row, assessments: [] };
  return {
    row: { ...row, traceId: span.traceId },
    assessments: scored?.map(({ assessment }) => assessment) ?? [],
  };
}

type Outcome<Output> = { readonly output: Output } | { readonly error: string };

function startTrace<Input, Output, Expected>(
  { item, trial }: RowTrial<Input, Expected>,
  options: RowOptions<Input, Output, Expected>,
): ActiveSpan {
  const { tracing, taskName, runId, experimentId } = options;
  return tracing.startSpan(taskName, {
    type: "task",
    parent: null,
    input: item.inputs,
    experimentId,
    runId,
    metadata: { evaluationRow: item.rowId, trial },
  });
}

async function runTask<Input, Output, Expected>(
  { item, trial }: RowTrial<Input, Expected>,
  span: ActiveSpan,
  options: RowOptions<Input, Output, Expected>,
): Promise<Outcome<Output>> {
  const { tracing, task, timeoutMs, signal } = options;
  const { rowId, inputs } = item;
  try {
    const output = await tracing.runInSpan(span, () =>
      withDeadline((stop) => task(inputs, { rowId, trial, signal: stop }), {
        what: "The task",
        timeoutMs,
        signal,
      }),
    );
    span.end({ output });
    return { output };
  } catch (error) {
    span.end(failureEnd(error, signal));
    return { error: errorText(error) };
  }
}

function scoreOutput<Input, Output, Expected>(
  of: {
    readonly rowTrial: RowTrial<Input, Expected>;
    readonly span: ActiveSpan;
    readonly output: Output;
  },
  options: RowOptions<Input, Output, Expected>,
): Promise<readonly Scored[]> {
  const { inputs, expectations, metadata } = of.rowTrial.item;
  const input = {
    inputs,
    output: of.output,
    ...(expectations === undefined ? {} : { expectations }),
    metadata,
    traceId: of.span.traceId,
  };
  const row = { input, span: of.span };
  return Promise.all(options.scorers.map((scorer) => scoreRow(scorer, row, options)));
}

function describeRow<Input, Expected>(
  { item, trial, position }: RowTrial<Input, Expected>,
  evaluationId: string,
): Pick<
  EvaluationRow,
  "evaluationId" | "rowId" | "trial" | "position" | "inputs" | "expectations"
> {
  const expectations = toKeptJson(item.expectations);
  return {
    evaluationId,
    rowId: item.rowId,
    trial,
    position,
    inputs: toKeptJson(item.inputs) ?? null,
    ...(expectations === undefined ? {} : { expectations }),
  };
}

function kept(outcome: Outcome<unknown>): Pick<EvaluationRow, "output" | "error"> {
  if ("error" in outcome) return outcome;
  const output = toKeptJson(outcome.output);
  return output === undefined ? {} : { output };
}
