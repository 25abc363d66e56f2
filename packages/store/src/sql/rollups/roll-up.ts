import type { BackgroundStep } from "../../port/backend.ts";
import { readDurations, toDurations } from "../aggregates/durations.ts";
import { readSums, SUMMED } from "../aggregates/trace-sums.ts";
import type { Database, Insert, Row, Sql, SqlValue } from "../database.ts";
import { number, optionalNumber } from "../values.ts";
import { SLICE_US, startsIn } from "./slice.ts";
import {
  forgetStale,
  listStale,
  lockUnchanged,
  type StalePlace,
  type StaleSlice,
} from "./stale-slices.ts";

/** A slice is left alone until nothing in it has changed for this long, in microseconds. */
const REST_US = 1_000_000;
/** A slice noted this much later than now, in microseconds, was noted before a clock was set back. */
const AHEAD_US = 60_000_000;
/** After so many milliseconds, what has been summed up is written. */
const STEP_MS = 20;
const START: StalePlace = { sliceUs: -1, experimentId: "" };

const UPSERT: Insert = {
  table: "trace_rollups",
  columns: [
    "slice_us",
    "experiment_id",
    "traces",
    "errors",
    "durations",
    "bins",
    "binned_us",
    ...SUMMED,
  ],
  conflict: {
    key: ["slice_us", "experiment_id"],
    update: ["traces", "errors", "durations", "bins", "binned_us", ...SUMMED],
  },
};

/**
 * Sums up the slices that have changed, a few with each call. They are counted before the writers' lock is taken; what
 * was changed meanwhile is left for another step. Several processes may do so at the same time.
 */
export function traceRollUp(database: Database): () => Promise<BackgroundStep> {
  let place = START;
  const list = (): Promise<readonly StaleSlice[]> =>
    database.snapshot((sql) => listStale(sql, place));
  return async () => {
    const begun = place;
    for (let slices = await list(); slices.length > 0; slices = await list()) {
      const rested = slices.filter(isRested);
      if (rested.length > 0) {
        const done = await rollUp(database, rested);
        place = rested[done - 1] ?? START;
        return "more";
      }
      place = slices.at(-1) ?? START;
    }
    const isAny = place !== START;
    place = START;
    if (begun !== START) return "more";
    return isAny ? "later" : "done";
  };
}

function isRested({ notedUs }: StaleSlice): boolean {
  const age = Date.now() * 1_000 - notedUs;
  return age >= REST_US || age < -AHEAD_US;
}

/** Returns how many of the slices were done: the first ones. */
async function rollUp(database: Database, slices: readonly StaleSlice[]): Promise<number> {
  const begun = performance.now();
  const sums = new Map<StaleSlice, readonly Row[]>();
  for (const slice of slices) {
    sums.set(slice, await sumsOf(database, slice));
    if (performance.now() - begun > STEP_MS) break;
  }
  if (sums.size > 0) await database.transaction((sql) => store(sql, sums));
  return sums.size;
}

function sumsOf(database: Database, slice: StaleSlice): Promise<readonly Row[]> {
  const { sliceUs, experimentId } = slice;
  const where = startsIn({ from: sliceUs, to: sliceUs + SLICE_US });
  return readSums(database, { where, experimentIds: [experimentId], groupBy: [] });
}

/** Writes the sums of slices that are still as they were counted. */
async function store(sql: Sql, sums: ReadonlyMap<StaleSlice, readonly Row[]>): Promise<void> {
  const written: (readonly SqlValue[])[] = [];
  for (const slice of await lockUnchanged(sql, [...sums.keys()])) {
    const rows = sums.get(slice) ?? [];
    await forgetStale(sql, slice);
    if (sum(rows, "count") === 0) await remove(sql, slice);
    else written.push(toRow(slice, rows));
  }
  await sql.insert(UPSERT, written);
}

async function remove(sql: Sql, { sliceUs, experimentId }: StalePlace): Promise<void> {
  await sql.run("DELETE FROM trace_rollups WHERE slice_us = ? AND experiment_id = ?", [
    sliceUs,
    experimentId,
  ]);
}

function toRow({ sliceUs, experimentId }: StalePlace, rows: readonly Row[]): readonly SqlValue[] {
  const { exact, bins, binnedUs } = toDurations(rows.flatMap((row) => readDurations(row).exact));
  return [
    sliceUs,
    experimentId,
    sum(rows, "count"),
    sum(rows, "errors"),
    JSON.stringify(exact),
    JSON.stringify(bins),
    binnedUs,
    ...SUMMED.map((column) => sumKnown(rows, column)),
  ];
}

function sum(rows: readonly Row[], column: string): number {
  return rows.reduce((total, row) => total + number(row, column), 0);
}

/** NULL when no row has a value. */
function sumKnown(rows: readonly Row[], column: string): number | null {
  const known = rows
    .map((row) => optionalNumber(row, column))
    .filter((value) => value !== undefined);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
