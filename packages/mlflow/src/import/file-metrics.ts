import { closeSync, lstatSync, openSync, readSync } from "node:fs";
import type { LoggedPoint } from "@rivulet/core";
import { measured } from "./source.ts";

/** Bytes that are read at a time. */
const PART = 65_536;
/** Points that are given at a time. */
const POINTS = 1_000;

/** A point with the run that measured it; empty in the file of a run itself. */
export type FilePoint = LoggedPoint & { readonly runId: string };

/** The file of a metric. */
export interface MetricFile {
  readonly path: string;
  /** Name of the metric. */
  readonly key: string;
  /** The logged model whose metric it is. @default that of a run */
  readonly modelId?: string;
}

/**
 * The points of a metric, some at a time, however long the file is.
 *
 * A line is `timestamp value step`; the first of MLflow's versions had no step. One of a logged model goes on with the run,
 * then the name and the digest of a dataset.
 *
 * @throws Error naming the line
 */
export function* readPoints(file: MetricFile): Iterable<readonly FilePoint[]> {
  let points: FilePoint[] = [];
  let number = 0;
  for (const line of linesOf(file.path)) {
    number += 1;
    if (line.trim() === "") continue;
    points.push(pointOf(line, number, file));
    if (points.length < POINTS) continue;
    yield points;
    points = [];
  }
  if (points.length > 0) yield points;
}

/** The lines of a file that is no link. */
function* linesOf(path: string): Iterable<string> {
  if (lstatSync(path).isSymbolicLink()) throw new Error("is a symbolic link");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const file = openSync(path, "r");
  try {
    const part = new Uint8Array(PART);
    let rest = "";
    for (let length = readSync(file, part); length > 0; length = readSync(file, part)) {
      const lines = (rest + decoder.decode(part.subarray(0, length), { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    yield rest + decoder.decode();
  } finally {
    closeSync(file);
  }
}

function pointOf(line: string, number: number, { key, modelId }: MetricFile): FilePoint {
  const [time, value = "", step = "0", ...others] = line.trim().split(" ");
  const point = { key, value: numberOf(value), step: Number(step), timestamp: Number(time) };
  if (value === "" || !Number.isSafeInteger(point.step) || !Number.isFinite(point.timestamp)) {
    throw new Error(`line ${number} is no point of a metric`);
  }
  if (modelId === undefined) return { ...point, runId: "" };
  const [runId = "", datasetName, datasetDigest] = others;
  return { ...point, runId, model: measured({ modelId, datasetName, datasetDigest }) };
}

const NAMED: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

/** As Python writes a number. */
function numberOf(text: string): number {
  const value = NAMED[text.toLowerCase()] ?? Number(text);
  if (Number.isNaN(value) && text.toLowerCase() !== "nan") throw new Error(`${text} is no number`);
  return value;
}
