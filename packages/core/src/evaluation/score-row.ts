import type { Assessment, JsonObject, JsonValue, Score, ScoreRange } from "@rivulet/domain";
import { LIMITS, RivuletError } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { readFailure } from "../tracing/failure.ts";
import type { ActiveSpan, Tracing } from "../tracing/tracing.ts";
import { withDeadline } from "./deadline.ts";
import type { ScorerInput, ScorerResult } from "./evaluations.ts";
import type { NamedScorer } from "./score-name.ts";
import { isWithin } from "./score-range.ts";
import { toKeptJson } from "./to-json.ts";

/** Options of {@link scoreRow}. */
export interface ScoringOptions {
  readonly context: Context;
  readonly tracing: Tracing;
  readonly runId: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A score, and its assessment for the trace. */
export interface Scored {
  readonly score: Score;
  readonly assessment: Assessment;
}

/** The full result of a scorer. */
interface ScorerOutcome {
  readonly score: Score;
  /** The value as the scorer returned it: booleans are not converted. */
  readonly value: JsonValue;
  readonly metadata: JsonObject;
}

/** Runs one scorer on one row, in a child span of the row's. If the scorer fails, the score has an error. */
export async function scoreRow<Input, Output, Expected>(
  named: NamedScorer<Input, Output, Expected>,
  row: { readonly input: ScorerInput<Input, Output, Expected>; readonly span: ActiveSpan },
  options: ScoringOptions,
): Promise<Scored> {
  const outcome = await runScorer(named, row, options);
  return { score: outcome.score, assessment: toAssessment(named, outcome, { row, options }) };
}

async function runScorer<Input, Output, Expected>(
  { name, scorer, range }: NamedScorer<Input, Output, Expected>,
  {
    input,
    span,
  }: { readonly input: ScorerInput<Input, Output, Expected>; readonly span: ActiveSpan },
  { tracing, timeoutMs, signal }: ScoringOptions,
): Promise<ScorerOutcome> {
  const { inputs, output, expectations } = input;
  const shown = { inputs, output, ...(expectations === undefined ? {} : { expectations }) };
  try {
    return await tracing.withSpan(
      name,
      async (own) => {
        const result = await withDeadline((stop) => scorer({ ...input, signal: stop, tracing }), {
          what: `Scorer "${name}"`,
          timeoutMs,
          signal,
        });
        own.setOutput(result);
        const outcome = toOutcome(name, result);
        checkRange(outcome.score, range);
        return outcome;
      },
      { type: "evaluator", parent: span, input: shown },
    );
  } catch (error) {
    return { score: { name, value: null, error: errorText(error) }, value: null, metadata: {} };
  }
}

function toOutcome(name: string, result: ScorerResult): ScorerOutcome {
  const isObject = typeof result === "object" && result !== null;
  const { value, label, rationale, metadata } = isObject ? result : bare(result);
  const number = toNumber(name, value);
  const kept = typeof value === "string" ? cut(value) : value;
  const words =
    toWords(`label of scorer "${name}"`, label) ?? (typeof kept === "string" ? kept : undefined);
  const reason = toWords(`rationale of scorer "${name}"`, rationale);
  const score: Score = {
    name,
    value: number,
    ...(words === undefined ? {} : { label: words }),
    ...(reason === undefined ? {} : { rationale: reason }),
  };
  return { score, value: kept, metadata: toMetadata(`metadata of scorer "${name}"`, metadata) };
}

/** Models that judge leave out what they have nothing to say to, or say `null`. */
function toWords(what: string, given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === "string") return cut(given);
  throw new RivuletError("invalid_argument", `The ${what} is ${shown(given)}; it must be text.`);
}

function toMetadata(what: string, given: unknown): JsonObject {
  const kept = toKeptJson(given) ?? {};
  if (typeof kept === "object" && kept !== null && !Array.isArray(kept)) return kept as JsonObject;
  throw new RivuletError(
    "invalid_argument",
    `The ${what} is ${shown(given)}; it must be an object.`,
  );
}

function cut(text: string): string {
  return text.slice(0, LIMITS.tagValue);
}

/** A value in an error: objects may not become text. */
function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return cut(String(value));
  return Array.isArray(value) ? "a list" : "an object";
}

/** @throws RivuletError `invalid_argument` for a value outside the scorer's declared range */
function checkRange({ name, value }: Score, range: ScoreRange | undefined): void {
  if (range === undefined || value === null || isWithin(range, value)) return;
  const { min = "-∞", max = "∞" } = range;
  throw new RivuletError(
    "invalid_argument",
    `Scorer "${name}" returned ${value}, which is outside its range from ${min} to ${max}.`,
  );
}

/** Expands the short form of a result. */
function bare(
  value: Exclude<ScorerResult, object> | null,
): Exclude<ScorerResult, number | boolean | null> {
  return { value };
}

function toNumber(name: string, value: unknown): number | null {
  if (value === null || typeof value === "string") return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new RivuletError(
    "invalid_argument",
    `Scorer "${name}" returned ${shown(value)}; it must return a finite number, a boolean, null, or an object with one of these as its value.`,
  );
}

function toAssessment<Input, Output, Expected>(
  { name, scorer }: NamedScorer<Input, Output, Expected>,
  { score, value, metadata }: ScorerOutcome,
  of: { readonly row: { readonly span: ActiveSpan }; readonly options: ScoringOptions },
): Assessment {
  const { context, runId } = of.options;
  const { rationale, error, label } = score;
  return {
    id: context.ids.entity(),
    traceId: of.row.span.traceId,
    kind: "feedback",
    name,
    value,
    source: scorer.source ?? "code",
    sourceId: name,
    ...(rationale === undefined ? {} : { rationale }),
    ...(error === undefined ? {} : { error }),
    metadata: label === undefined || label === value ? metadata : { ...metadata, label },
    runId,
    createdAt: context.now(),
  };
}

/** The message of anything thrown, bounded, and never empty. Never throws. */
export function errorText(thrown: unknown): string {
  return (readFailure(thrown).message || "an error without a message").slice(0, LIMITS.preview);
}
