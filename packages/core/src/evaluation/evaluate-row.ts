import type { Assessment, EvaluationRow } from "@rivulet/domain";
import type { ActiveSpan } from "../tracing/tracing.ts";
import { withDeadline } from "./deadline.ts";
import type { EvaluationItem } from "./evaluation-items.ts";
import type { EvaluateOptions } from "./evaluations.ts";
import type { NamedScorer } from "./score-name.ts";
import { errorText, type Scored, type ScoringPieces, scoreRow } from "./score-row.ts";
import { toKeptJson } from "./to-json.ts";

/** What one try of a row needs. */
export interface RowPieces<Input, Output, Expected> extends ScoringPieces {
  readonly experimentId: string;
  readonly task: EvaluateOptions<Input, Output, Expected>["task"];
  readonly taskName: string;
  readonly scorers: readonly NamedScorer<Input, Output, Expected>[];
}

/** A finished row, and what its trace keeps. */
export interface FinishedRow {
  readonly row: EvaluationRow;
  readonly assessments: readonly Assessment[];
}

/** One try of one item. */
export interface RowTry<Input, Expected> {
  readonly item: EvaluationItem<Input, Expected>;
  readonly trial: number;
}

/**
 * Runs the task on one item in a trace of its own, then the scorers. A failing task is a row with an
 * error; only the abort of the whole evaluation is thrown.
 */
export async function evaluateRow<Input, Output, Expected>(
  rowTry: RowTry<Input, Expected>,
  pieces: RowPieces<Input, Output, Expected>,
): Promise<FinishedRow> {
  const span = startTrace(rowTry, pieces);
  const started = pieces.context.now();
  const outcome = await runTask(rowTry, span, pieces);
  const durationMs = Math.max(0, pieces.context.now() - started);
  const scored =
    "error" in outcome ? undefined : await scoreOutput({ rowTry, span, ...outcome }, pieces);
  pieces.signal?.throwIfAborted();
  const scores =
    scored?.map(({ score }) => score) ??
    pieces.scorers.map(({ name }) => ({ name, value: null, error: "The task failed." }));
  const row = { ...describeRow(rowTry, pieces.runId), ...kept(outcome), scores, durationMs };
  if (span.sampled === false) return { row, assessments: [] };
  return {
    row: { ...row, traceId: span.traceId },
    assessments: scored?.map(({ assessment }) => assessment) ?? [],
  };
}

type Outcome<Output> = { readonly output: Output } | { readonly error: string };

function startTrace<Input, Output, Expected>(
  { item, trial }: RowTry<Input, Expected>,
  pieces: RowPieces<Input, Output, Expected>,
): ActiveSpan {
  const { tracing, taskName, runId, experimentId } = pieces;
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
  { item, trial }: RowTry<Input, Expected>,
  span: ActiveSpan,
  pieces: RowPieces<Input, Output, Expected>,
): Promise<Outcome<Output>> {
  const { tracing, task, timeoutMs, signal } = pieces;
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
    span.end(signal?.aborted === true ? { error, status: "cancelled" } : { error });
    return { error: errorText(error) };
  }
}

function scoreOutput<Input, Output, Expected>(
  of: {
    readonly rowTry: RowTry<Input, Expected>;
    readonly span: ActiveSpan;
    readonly output: Output;
  },
  pieces: RowPieces<Input, Output, Expected>,
): Promise<readonly Scored[]> {
  const { inputs, expectations, metadata } = of.rowTry.item;
  const input = {
    inputs,
    output: of.output,
    ...(expectations === undefined ? {} : { expectations }),
    metadata,
    traceId: of.span.traceId,
  };
  const row = { input, span: of.span };
  return Promise.all(pieces.scorers.map((scorer) => scoreRow(scorer, row, pieces)));
}

function describeRow<Input, Expected>(
  { item, trial }: RowTry<Input, Expected>,
  evaluationId: string,
): Pick<EvaluationRow, "evaluationId" | "rowId" | "trial" | "inputs" | "expectations"> {
  const expectations = toKeptJson(item.expectations);
  return {
    evaluationId,
    rowId: item.rowId,
    trial,
    inputs: toKeptJson(item.inputs) ?? null,
    ...(expectations === undefined ? {} : { expectations }),
  };
}

function kept(outcome: Outcome<unknown>): Pick<EvaluationRow, "output" | "error"> {
  if ("error" in outcome) return outcome;
  const output = toKeptJson(outcome.output);
  return output === undefined ? {} : { output };
}
