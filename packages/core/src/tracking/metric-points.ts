import { type MetricPoint, RivuletError } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { reportUnknownNames } from "../validation.ts";
import type { MeasuredOptions } from "./measured-model.ts";
import { metricKeyProblem, shown } from "./run-input.ts";

/** What a training loop gives along with its values. */
export interface MetricOptions extends MeasuredOptions {
  /** A whole number. @default of each key the next step after the highest that was logged through this handle, from 0 */
  readonly step?: number;
  /** Milliseconds since the epoch. @default now */
  readonly timestamp?: number;
}

/** Makes points of what a training loop logs: those that can be stored; what is wrong with others is reported. Never throws. */
export interface MetricPoints {
  /** The point of one value; none where something is wrong with it. */
  ofOne(key: unknown, value: unknown, options: unknown): readonly MetricPoint[];
  /** The points of an object of values. */
  ofAll(values: unknown, options: unknown): readonly MetricPoint[];
}

/** What {@link createMetricPoints} takes. */
export interface PointsOf {
  /** The run, for reports. */
  readonly runId: string;
  /** Key → the highest step that the run has already. */
  readonly lastSteps: ReadonlyMap<string, number>;
}

const OPTIONS = { of: "logMetrics", known: ["step", "timestamp", "modelId", "dataset"] };

/** Points of one run, of which those without a step are counted up by key. */
export function createMetricPoints(
  { now, reportError }: Pick<Context, "now" | "reportError">,
  { runId, lastSteps }: PointsOf,
): MetricPoints {
  const highest = new Map(lastSteps);
  const names = { ...OPTIONS, told: new Set<string>(), report: reportError };

  const refuse = (key: string, problem: string, step?: unknown): undefined => {
    const at = step === undefined ? "" : ` at step ${shown(step)}`;
    const error = new RivuletError(
      "invalid_argument",
      `Metric "${key.slice(0, 300)}"${at} of run "${runId}" was not logged: ${problem}.`,
      { details: { field: key.slice(0, 300), runId, ...stepDetail(step) } },
    );
    // A loop that goes wrong does so at every step: once a second is enough to be told.
    reportError(error, `${runId}/${key}`);
  };

  const stepOf = (key: string, { step }: Given): unknown => {
    const last = highest.get(key) ?? -1;
    const own = step ?? last + 1;
    if (isStep(own)) highest.set(key, highest.has(key) ? Math.max(own, last) : own);
    return own;
  };

  const pointOf = ([name, value]: Entry, given: Given): MetricPoint | undefined => {
    if (typeof name !== "string") return refuse(shown(name), "its key must be text");
    const key = name.toWellFormed();
    // To check a key costs more than the rest.
    const keyProblem = highest.has(key) ? undefined : metricKeyProblem(key);
    if (keyProblem !== undefined) return refuse(key, `its key ${keyProblem}`);
    const step = stepOf(key, given);
    const made = { key, value, step, timestamp: given.timestamp ?? now() };
    return isPoint(made) ? made : refuse(key, problemOf(made), step);
  };

  const pointsOf = (entries: readonly Entry[], options: unknown): readonly MetricPoint[] => {
    const given = readOptions(options);
    if (given === undefined) refuse("options", "they are an object such as { step: 5 }");
    else reportUnknownNames(options, names);
    return entries.flatMap((entry) => pointOf(entry, given ?? {}) ?? []);
  };

  return Object.freeze<MetricPoints>({
    ofOne: (key, value, options) => pointsOf([[key, value]], options),
    ofAll: (values, options) => {
      const entries = readEntries(values);
      if (entries === undefined) refuse("metrics", "they are an object such as { loss: 0.1 }");
      return pointsOf(entries ?? [], options);
    },
  });
}

/** What the options say, of whatever type. */
interface Given {
  readonly step?: unknown;
  readonly timestamp?: unknown;
}

const UNREADABLE = "something that cannot be read";

/** `undefined` for what is no object, or cannot be read. */
function readOptions(options: unknown): Given | undefined {
  if (options === undefined) return {};
  if (typeof options !== "object" || options === null) return undefined;
  try {
    const { step, timestamp } = options as Given;
    return { step, timestamp };
  } catch {
    return undefined;
  }
}

type Entry = readonly [key: unknown, value: unknown];

/** Keys with their values: a getter that throws costs no other value. `undefined` for what has no keys. */
function readEntries(values: unknown): readonly Entry[] | undefined {
  if (typeof values !== "object" || values === null) return undefined;
  try {
    if (Array.isArray(values)) return undefined;
    return Object.keys(values).map((key): Entry => [key, readValue(values, key)]);
  } catch {
    return undefined;
  }
}

function readValue(values: object, key: string): unknown {
  try {
    return Reflect.get(values, key);
  } catch {
    return UNREADABLE;
  }
}

function stepDetail(step: unknown): { readonly step?: number | string } {
  if (step === undefined) return {};
  return { step: isStep(step) ? step : shown(step) };
}

/** What may become a point. */
type Made = { readonly [K in keyof MetricPoint]: K extends "key" ? string : unknown };

function isPoint(made: Made): made is MetricPoint {
  const { value, step, timestamp } = made;
  return typeof value === "number" && isStep(step) && Number.isFinite(timestamp);
}

function problemOf({ value, step, timestamp }: Made): string {
  if (!isStep(step)) return "a step is a whole number";
  if (typeof value !== "number") return `${shown(value)} is not a number`;
  return `timestamp ${shown(timestamp)} is not a finite number`;
}

function isStep(step: unknown): step is number {
  return Number.isSafeInteger(step);
}
