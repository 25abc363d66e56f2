import type { OperationId } from "@rivulet/core";
import { foreignAnswer } from "./foreign-answer.ts";
import type { Answer } from "./send.ts";

/** Fields of runs and metric points that hold numbers, which may be NaN or infinite. */
const NUMBERS: ReadonlySet<string> = new Set(["metrics", "value", "values", "smoothed"]);
const NAMED: ReadonlySet<unknown> = new Set(["NaN", "Infinity", "-Infinity"]);

/** The result of a verb, from the answer. */
export async function decodeAnswer(id: OperationId, response: Answer): Promise<unknown> {
  if (response.status === 204) return undefined;
  // Only metrics can be NaN or infinite, which JSON spells as text.
  if (id === "runs.compare") return readJson(response, toComparedNumbers);
  if (id === "runs.metricSummaries") return readJson(response, toSummedNumbers);
  return readJson(response, hasMetrics(id) ? toNumbers : undefined);
}

/** The JSON of an answer. @throws RivuletError `internal` when it is none: a page of somebody else's */
export async function readJson(
  response: Answer,
  revive?: (name: string, value: unknown) => unknown,
): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text, revive);
  } catch (cause) {
    throw foreignAnswer(response, cause);
  }
}

function hasMetrics(id: OperationId): boolean {
  return id.startsWith("runs.") || id.startsWith("models.");
}

function toNumbers(name: string, value: unknown): unknown {
  return NUMBERS.has(name) ? reviveNumbers(value) : value;
}

/** Of a comparison only the values of metrics: a key, or a tag, may be the text NaN. */
function toComparedNumbers(name: string, value: unknown): unknown {
  if (name !== "metrics" || !Array.isArray(value)) return value;
  return value.map((row) => ({ ...row, values: reviveNumbers(row.values) }));
}

const SUMMED: ReadonlySet<string> = new Set(["last", "first", "min", "max", "best"]);

/** Of a metric that is summed up; its key may be the text NaN. */
function toSummedNumbers(name: string, value: unknown): unknown {
  return SUMMED.has(name) ? reviveNumbers(value) : value;
}

function reviveNumbers(value: unknown): unknown {
  if (NAMED.has(value)) return Number(value);
  if (Array.isArray(value)) return value.map(reviveNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, reviveNumbers(one)]));
}
