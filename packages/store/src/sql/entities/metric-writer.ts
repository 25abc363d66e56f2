import type { MetricPoint } from "@rivulet/domain";
import type { Insert, Row, Sql } from "../database.ts";
import { inChunks } from "../in-chunks.ts";
import { number, optionalNumber, placeholders, toMicros } from "../values.ts";
import { keyNumbers } from "./key-numbers.ts";

/** The run that values belong to. */
export interface ValueOwner {
  /** Its number. */
  readonly run: number;
  readonly experimentId: string;
}

const INSERT_POINT: Insert = {
  table: "points",
  columns: ["run", "key", "step", "ts_us", "value"],
  conflict: { key: [], update: [] },
};

const SUMMARY = [
  "value",
  "step",
  "ts_us",
  "min_value",
  "max_value",
  "first_value",
  "first_step",
  "first_us",
  "points",
];

const PUT_SUMMARY: Insert = {
  table: "metrics",
  columns: ["run", "key", ...SUMMARY],
  conflict: { key: ["run", "key"], update: SUMMARY },
};

/** A point as it is stored. */
interface Stored {
  readonly value: number;
  readonly step: number;
  readonly us: number;
}

/** A metric of a run, summed up. NaN is neither least nor greatest. */
interface Summary {
  readonly latest: Stored;
  readonly first: Stored;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly count: number;
}

/**
 * Adds points and sums each metric up anew. The same point twice counts once. The run's row must be locked: what is
 * summed up is read before.
 */
export async function insertMetrics(
  sql: Sql,
  owner: ValueOwner,
  points: readonly MetricPoint[],
): Promise<void> {
  if (points.length === 0) return;
  const { run, experimentId } = owner;
  const added = new Map<string, Summary>();
  for (const { key, value, step, timestamp } of points) {
    const one = { value, step, us: toMicros(timestamp) };
    const known = added.get(key);
    added.set(key, known === undefined ? summaryOf(one) : merged(known, summaryOf(one)));
  }
  const space = { experimentId, kind: "metric" } as const;
  const numbers = await keyNumbers(sql, space, [...added.keys()].sort());
  const inserted = await sql.insert(
    INSERT_POINT,
    points.map(({ key, step, timestamp, value }) => [
      run,
      numbers.get(key) ?? null,
      step,
      toMicros(timestamp),
      sql.dialect.real(value),
    ]),
  );
  const known = await readSummaries(sql, run, [...numbers.values()]);
  const isNew = inserted === points.length;
  const counts = isNew ? undefined : await recount(sql, run, { numbers, known, inserted });
  await sql.insert(
    PUT_SUMMARY,
    [...added].map(([key, summary]) => {
      const id = numbers.get(key) ?? 0;
      const before = known.get(id);
      const { latest, first, min, max, count } =
        before === undefined ? summary : merged(before, summary);
      const real = (value: number | undefined) =>
        value === undefined ? null : sql.dialect.real(value);
      return [
        run,
        id,
        sql.dialect.real(latest.value),
        latest.step,
        latest.us,
        real(min),
        real(max),
        sql.dialect.real(first.value),
        first.step,
        first.us,
        counts?.get(id) ?? count,
      ];
    }),
  );
}

/** Of one metric, what was inserted is known without counting all of it: it may be long, and be written again in parts. */
async function recount(
  sql: Sql,
  run: number,
  {
    numbers,
    known,
    inserted,
  }: {
    readonly numbers: ReadonlyMap<string, number>;
    readonly known: ReadonlyMap<number, Summary>;
    readonly inserted: number;
  },
): Promise<ReadonlyMap<number, number>> {
  const [only, ...others] = numbers.values();
  if (only === undefined || others.length > 0) return countPoints(sql, run, [...numbers.values()]);
  return new Map([[only, (known.get(only)?.count ?? 0) + inserted]]);
}

function summaryOf(one: Stored): Summary {
  const extreme = Number.isNaN(one.value) ? undefined : one.value;
  return { latest: one, first: one, min: extreme, max: extreme, count: 1 };
}

function merged(a: Summary, b: Summary): Summary {
  return {
    latest: compareStored(b.latest, a.latest) > 0 ? b.latest : a.latest,
    first: compareStored(b.first, a.first) < 0 ? b.first : a.first,
    min: least(a.min, b.min),
    max: greatest(a.max, b.max),
    count: a.count + b.count,
  };
}

/** By step, then time, then value, as MLflow compares them; NaN comes before all numbers, so that a number is shown. */
function compareStored(a: Stored, b: Stored): number {
  if (a.step !== b.step) return a.step - b.step;
  if (a.us !== b.us) return a.us - b.us;
  if (Number.isNaN(a.value) || Number.isNaN(b.value)) {
    return Number(Number.isNaN(b.value)) - Number(Number.isNaN(a.value));
  }
  return a.value === b.value ? 0 : a.value - b.value;
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/** What a run has of these keys, by the number of the key. */
async function readSummaries(
  sql: Sql,
  run: number,
  keys: readonly number[],
): Promise<ReadonlyMap<number, Summary>> {
  const rows = await inChunks(keys, (part) =>
    sql.all(
      `SELECT key, ${SUMMARY.join(", ")} FROM metrics WHERE run = ? AND key IN (${placeholders(part)})`,
      [run, ...part],
    ),
  );
  return new Map(rows.map((row) => [number(row, "key"), storedSummary(row)]));
}

/** A row that has no more than its latest value, from a project of an earlier version, is summed up from that. */
function storedSummary(row: Row): Summary {
  const latest = {
    value: number(row, "value"),
    step: number(row, "step"),
    us: number(row, "ts_us"),
  };
  const alone = summaryOf(latest);
  const points = optionalNumber(row, "points");
  if (points === undefined) return alone;
  return {
    latest,
    first: {
      value: number(row, "first_value"),
      step: number(row, "first_step"),
      us: number(row, "first_us"),
    },
    min: optionalNumber(row, "min_value"),
    max: optionalNumber(row, "max_value"),
    count: points,
  };
}

/** How many points there are, where some of them were there already. */
async function countPoints(
  sql: Sql,
  run: number,
  keys: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await inChunks(keys, (part) =>
    sql.all(
      `SELECT key, COUNT(*) AS count FROM points WHERE run = ? AND key IN (${placeholders(part)}) GROUP BY key`,
      [run, ...part],
    ),
  );
  return new Map(rows.map((row) => [number(row, "key"), number(row, "count")]));
}
