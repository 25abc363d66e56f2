import {
  type Condition,
  DEFAULT_EXPERIMENT_ID,
  type FilterClause,
  type FilterField,
  type OrderTerm,
  parseFilter,
  parseOrder,
  type Run,
  type Store,
} from "@rivulet/core";
import { anExperiment, aRun, hexId } from "@rivulet/core/testing";
import { describe, expect, test } from "vitest";
import { openedNew } from "./folder.ts";

/** Numbers that are no more random than the seed, so that a failure comes again. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

type Pick = <T>(items: readonly T[]) => T;

const TEXTS = [
  "a",
  "ab",
  "B",
  "",
  "0.1",
  "0.10",
  "1e-3",
  "-2",
  "007",
  "x'y",
  "100%",
  "a_b",
  "é",
  "NaN",
];
const NUMBERS = [
  0.1,
  0.001,
  -2,
  7,
  0,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];
const OTHER = anExperiment().id;
/** One experiment, two, or all: keys of params and metrics are each experiment's own. */
const SCOPES = [[DEFAULT_EXPERIMENT_ID], [DEFAULT_EXPERIMENT_ID, OTHER], []];
const STATUSES = ["running", "finished", "failed"] as const;

function someRuns(pick: Pick, count: number): readonly Run[] {
  const maybe = <T>(key: string, values: readonly T[]): Record<string, T> =>
    pick([true, true, false]) ? { [key]: pick(values) } : {};
  return Array.from({ length: count }, (_, index) =>
    aRun({
      id: hexId(index + 1),
      experimentId: index % 4 === 0 ? OTHER : DEFAULT_EXPERIMENT_ID,
      name: pick(TEXTS),
      status: pick(STATUSES),
      startTime: 1_000 + pick([0, 1, 2, 3]),
      params: { ...maybe("p", TEXTS), ...maybe("q q", TEXTS) },
      tags: maybe("t", TEXTS),
      metrics: { ...maybe("m", NUMBERS), ...maybe("n", NUMBERS) },
      ...(pick([true, false]) ? { userId: pick(TEXTS) } : {}),
    }),
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const shown = (number: number): string => String(number);

/** A filter as somebody might write it. */
function someFilter(pick: Pick, depth: number): string {
  if (depth > 0 && pick([true, true, false])) {
    const part = (): string => someFilter(pick, depth - 1);
    return pick([
      () => `NOT ${part()}`,
      () => `(${part()} AND ${part()})`,
      () => `(${part()} OR ${part()})`,
      () => `(${part()} OR NOT (${part()} AND ${part()}))`,
    ])();
  }
  return pick([textClause, textClause, anyClause, numberClause, statusClause, timeClause])(pick);
}

function textClause(pick: Pick): string {
  const field = pick(["name", "userId", "params.p", "params.`q q`", "tags.t"]);
  return `${field} ${someText(pick)}`;
}

function someText(pick: Pick): string {
  const value = quoted(pick(TEXTS));
  return pick([
    () => `${pick(["=", "!=", ">", ">=", "<", "<="])} ${value}`,
    () => `${pick(["", "NOT "])}IN (${value}, ${quoted(pick(TEXTS))})`,
    () => `${pick(["", "NOT "])}BETWEEN ${value} AND ${quoted(pick(TEXTS))}`,
    () =>
      `${pick(["", "NOT "])}${pick(["LIKE", "ILIKE"])} ${quoted(pick(["a%", "%B", "_", "%0.1%", "100%", "%", "A_b", "%a%b%%%", ""]))}`,
    () => `${pick(["", "NOT "])}RLIKE ${quoted(pick(["^a", "b$", "0\\.1", "(?i)B", "^$", "é"]))}`,
    () => pick(["IS NULL", "IS NOT NULL"]),
  ])();
}

function anyClause(pick: Pick): string {
  const field = pick(["params.p", "params.`q q`", "tags.t"]);
  return `${field} ${someNumber(pick, NUMBERS.filter(Number.isFinite))}`;
}

function numberClause(pick: Pick): string {
  return `${pick(["metrics.m", "metrics.n"])} ${someNumber(pick, NUMBERS)}`;
}

function someNumber(pick: Pick, numbers: readonly number[]): string {
  const value = shown(pick(numbers));
  return pick([
    () => `${pick(["=", "!=", ">", ">=", "<", "<="])} ${value}`,
    () => `${pick(["", "NOT "])}IN (${value}, ${shown(pick(numbers))})`,
    () => `${pick(["", "NOT "])}BETWEEN ${value} AND ${shown(pick(numbers))}`,
    () => pick(["IS NULL", "IS NOT NULL"]),
  ])();
}

function statusClause(pick: Pick): string {
  return `status ${pick(["=", "!="])} ${quoted(pick(STATUSES).toUpperCase())}`;
}

function timeClause(pick: Pick): string {
  const time = pick(["1001", "'1970-01-01T00:00:01.002Z'", "now() - 1s", "now() + 1ms"]);
  return `start_time ${pick(["=", "!=", ">", ">=", "<", "<="])} ${time}`;
}

const NOW = 2_001;

/** What a filter says of a run, worked out from the words of the language and nothing else. */
function holds(condition: Condition, run: Run): boolean {
  if ("all" in condition) return condition.all.every((part) => holds(part, run));
  if ("any" in condition) return condition.any.some((part) => holds(part, run));
  if ("not" in condition) return !holds(condition.not, run);
  const own = ownValue(condition, run);
  const { operator } = condition;
  if (operator === "IS NULL") return own === undefined;
  if (own === undefined) return false;
  if (operator === "IS NOT NULL") return true;
  if (operator === "!=") return !says({ ...condition, operator: "=" }, own);
  if (!operator.startsWith("NOT ")) return says(condition, own);
  return !says({ ...condition, operator: operator.slice(4) as FilterClause["operator"] }, own);
}

function ownValue({ field: { kind, key } }: FilterClause, run: Run): string | number | undefined {
  if (kind === "param") return run.params[key];
  if (kind === "tag") return run.tags[key];
  if (kind === "metric") return run.metrics[key];
  return (run as unknown as Readonly<Record<string, string | number>>)[key];
}

function says({ operator, value }: FilterClause, own: string | number): boolean {
  const wanted = [value].flat() as readonly (string | number | { fromNow: number })[];
  const [first = "", second = ""] = wanted;
  const compared = (other: typeof first): number => compare(own, other);
  switch (operator) {
    case "=":
      return compared(first) === 0;
    case ">":
      return compared(first) > 0;
    case ">=":
      return compared(first) >= 0;
    case "<":
      return compared(first) < 0;
    case "<=":
      return compared(first) <= 0;
    case "IN":
      return wanted.some((other) => compared(other) === 0);
    case "BETWEEN":
      return compared(first) >= 0 && compared(second) <= 0;
    case "RLIKE":
      return new RegExp(
        String(first).replace("(?i)", ""),
        String(first).startsWith("(?i)") ? "iu" : "u",
      ).test(String(own));
    default:
      return likeExpression(String(first), operator === "ILIKE").test(String(own));
  }
}

/** Below 0, 0 or above; NaN where there is no saying. */
function compare(own: string | number, other: string | number | { fromNow: number }): number {
  if (typeof other === "object") return Number(own) - (NOW + other.fromNow);
  if (typeof other === "string")
    return Buffer.compare(Buffer.from(String(own)), Buffer.from(other));
  const number = typeof own === "number" ? own : numberIn(own);
  if (Number.isNaN(number) && Number.isNaN(other)) return typeof own === "number" ? 0 : Number.NaN;
  if (Number.isNaN(number) || Number.isNaN(other)) return Number.NaN;
  return number === other ? 0 : number < other ? -1 : 1;
}

function numberIn(text: string): number {
  return /^-?(0|[1-9]\d*)(\.\d+)?(e-?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function likeExpression(pattern: string, isCaseless: boolean): RegExp {
  const source = pattern
    .replaceAll(/[.^$]/g, "\\$&")
    .replaceAll("%", "[^]*")
    .replaceAll("_", "[^]");
  return new RegExp(`^${source}$`, isCaseless ? "iu" : "u");
}

interface Asked {
  readonly where?: readonly Condition[];
  readonly order?: readonly OrderTerm[];
  readonly experimentIds?: readonly string[];
  readonly limit: number;
}

function someOrder(pick: Pick): readonly string[] {
  const fields = [
    "name",
    "userId",
    "start_time",
    "params.p",
    "params.`q q`",
    "tags.t",
    "metrics.m",
  ];
  const count = pick([1, 1, 2, 3]);
  const chosen = Array.from({ length: count }, () => pick(fields));
  return [...new Set(chosen)].map((field) => `${field} ${pick(["ASC", "DESC"])}`);
}

/** Numbers, then texts, then NaN and the infinities, then what is missing; ties by age, as the last term runs. */
function inOrder(order: readonly OrderTerm[], a: Run, b: Run): number {
  for (const { field, descending } of order) {
    const [first, second] = [sortValue(field, a), sortValue(field, b)];
    if (first.rank !== second.rank) return first.rank - second.rank;
    const difference = compare(first.value, second.value);
    if (difference !== 0) return descending ? -difference : difference;
  }
  const [ascending, descending] = a.id < b.id ? [-1, 1] : [1, -1];
  return order.at(-1)?.descending === true ? descending : ascending;
}

function sortValue(
  field: FilterField,
  run: Run,
): { readonly rank: number; readonly value: string | number } {
  const own = ownValue({ field, operator: "=" }, run);
  if (own === undefined) return { rank: 3, value: 0 };
  if (typeof own === "number") {
    return Number.isFinite(own) ? { rank: 0, value: own } : { rank: 2, value: 0 };
  }
  const number = field.kind === "attribute" ? Number.NaN : numberIn(own);
  return Number.isNaN(number) ? { rank: 1, value: own } : { rank: 0, value: number };
}

describe.each(["memory", "sqlite", "postgres"] as const)("filters on %s", (kind) => {
  const random = createRandom(20_261_129);
  const pick: Pick = (items) => items[random(items.length)] as (typeof items)[number];
  const runs = someRuns(pick, 60);
  const orders = Array.from({ length: 60 }, () => someOrder(pick));
  const filters = Array.from({ length: 400 }, () => someFilter(pick, 3));
  const runsOf = (experimentIds: readonly string[]): readonly Run[] =>
    runs.filter(
      ({ experimentId }) => experimentIds.length === 0 || experimentIds.includes(experimentId),
    );
  const fill = async (store: Store): Promise<void> => {
    await store.experiments.create(anExperiment());
    for (const run of runs) await store.runs.create(run);
  };
  const idsOf = async (store: Store, query: Asked): Promise<readonly string[]> => {
    const found: string[] = [];
    let pageToken: string | undefined;
    for (let pages = 0; pages < 100; pages += 1) {
      const page = await store.runs.search({
        where: [],
        order: [],
        now: NOW,
        experimentIds: [],
        lifecycle: "active",
        ...query,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      found.push(...page.items.map(({ id }) => id));
      pageToken = page.nextPageToken;
      if (pageToken === undefined) return found;
    }
    throw new Error("the pages do not end");
  };

  test("find what the language says, each run once, whatever the size of a page", async () => {
    const { store } = await openedNew(kind);
    await fill(store);
    for (const [index, filter] of filters.entries()) {
      const where = parseFilter("run", filter);
      const experimentIds = SCOPES[index % 3] ?? [];
      const expected = runsOf(experimentIds)
        .filter((run) => where.every((condition) => holds(condition, run)))
        .sort((a, b) => b.startTime - a.startTime || (a.id < b.id ? 1 : -1))
        .map(({ id }) => id);
      const limit = [7, 100][index % 2] ?? 1;
      expect(await idsOf(store, { where, limit, experimentIds }), filter).toEqual(expected);
    }
  });

  test("are sorted as the language says, each run once, whatever the size of a page", async () => {
    const { store } = await openedNew(kind);
    await fill(store);
    for (const [index, terms] of orders.entries()) {
      const order = parseOrder("run", terms);
      const experimentIds = SCOPES[index % 3] ?? [];
      const expected = [...runsOf(experimentIds)]
        .sort((a, b) => inOrder(order, a, b))
        .map(({ id }) => id);
      const limit = [7, 100][index % 2] ?? 1;
      expect(await idsOf(store, { order, limit, experimentIds }), terms.join(", ")).toEqual(
        expected,
      );
    }
  });

  test("are more than filters of nothing: each finds some run or refuses some", () => {
    const hits = filters.map(
      (filter) =>
        runs.filter((run) => parseFilter("run", filter).every((part) => holds(part, run))).length,
    );
    expect(hits.filter((count) => count > 0 && count < runs.length).length).toBeGreaterThan(300);
  });
});
