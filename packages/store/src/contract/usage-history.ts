import { FEE_TYPES, type Span, type Trace, type Uncounted } from "@rivulet/domain";
import { aSpan, BUILT_AT } from "./builders.ts";
import { hexId } from "./hex-id.ts";

/** Spans of traces as they come from several processes, and what they come to. */
export interface UsageHistory {
  /** Spans in the order they come, in batches; some come twice. */
  readonly batches: readonly (readonly Span[])[];
  /** Trace → what it comes to. */
  readonly totals: ReadonlyMap<string, UsageTotals>;
}

/** What a trace's spans come to. */
export interface UsageTotals {
  /** Tokens and US dollars of the app, and of its scorers. */
  readonly sums: readonly [tokens: number, cost: number, judgeTokens: number, judgeCost: number];
  /** Span → why it does not count; without those that do. */
  readonly uncounted: Readonly<Record<string, Uncounted>>;
}

/** Gives the next whole number from 0 up to, and without, `below`. */
type Draw = (below: number) => number;

/** What a {@link UsageHistory} is made from. */
export interface UsageHistoryOptions {
  /** The same seed makes the same history. */
  readonly seed: number;
  /** Where spans belong; one trace for each. */
  readonly traces: readonly Pick<Span, "traceId" | "experimentId">[];
  /** Spans in a batch, on average. */
  readonly perBatch: number;
}

/** Makes traces of two to nine spans at random. */
export function aUsageHistory({ seed, traces, perBatch }: UsageHistoryOptions): UsageHistory {
  const draw = drawFrom(seed);
  const trees = traces.map((given) => aTree(draw, given));
  const records = trees.flat().flatMap((span) => recordsOf(draw, span));
  return {
    batches: inBatches(draw, shuffled(draw, records), perBatch),
    totals: new Map(trees.map((tree) => [tree[0]?.traceId ?? "", totalsOf(tree)])),
  };
}

/** The sums of a stored trace, and the reasons of its spans. */
export function storedTotals(
  trace: Trace | undefined,
  spans: readonly Pick<Span, "id" | "uncounted">[],
): UsageTotals {
  const { usage = {}, cost = 0, judgeTokens = 0, judgeCost = 0 } = trace ?? {};
  const reasons = spans.flatMap(({ id, uncounted }) => (uncounted ? [[id, uncounted]] : []));
  return {
    sums: [usage.totalTokens ?? 0, cost, judgeTokens, judgeCost],
    uncounted: Object.fromEntries(reasons),
  };
}

/** Lehmer's generator. */
function drawFrom(seed: number): Draw {
  let state = (Math.abs(seed) % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const WEEK = 7 * 24 * 60 * 60 * 1000;
const TYPES = ["evaluator", "chat_model", "agent", "tool"] as const;

/** A parent is one of those before; rarely, it never comes, or may close a ring. */
function aTree(draw: Draw, given: Partial<Span>): readonly Span[] {
  const length = 2 + draw(8);
  return Array.from({ length }, (_, index) => {
    const place = draw(12) === 0 ? index + draw(length) : draw(index + 1);
    const parent = index > 0 && draw(16) === 0 ? 99 : place;
    const root = index === 0 && draw(8) > 0;
    const startTime = BUILT_AT + draw(3) * WEEK;
    return aSpan({
      ...given,
      startTime,
      endTime: startTime + 1,
      id: hexId(index + 1, 16),
      type: TYPES[draw(TYPES.length)] ?? "unknown",
      ...(root ? {} : { parentId: hexId(parent, 16) }),
      ...someCounts(draw),
    });
  });
}

function someCounts(draw: Draw): Pick<Span, "usage" | "cost"> {
  const usage = { totalTokens: 1 + draw(100) };
  const cost = draw(8) / 4;
  return [{}, {}, { usage, cost }, { cost }][draw(4)] ?? {};
}

/** A long span is told of at its start, too, perhaps with a fee; and whatever is sent may be sent again. */
function recordsOf(draw: Draw, span: Span): readonly Span[] {
  const { usage: _usage, endTime: _end, cost, ...later } = span;
  const begun = cost === undefined || draw(2) === 0 ? later : { ...later, cost };
  const start: readonly Span[] = draw(3) === 0 ? [{ ...begun, status: "in_progress" }] : [];
  return [...start, span, ...(draw(6) === 0 ? [span] : [])];
}

function shuffled<T>(draw: Draw, things: readonly T[]): readonly T[] {
  const places = things.map((thing) => ({ thing, place: draw(1_000_000) }));
  return places.sort((a, b) => a.place - b.place).map(({ thing }) => thing);
}

function inBatches<T>(
  draw: Draw,
  things: readonly T[],
  perBatch: number,
): readonly (readonly T[])[] {
  const batches: T[][] = [[]];
  for (const thing of things) {
    if (draw(perBatch) === 0) batches.push([]);
    batches.at(-1)?.push(thing);
  }
  return batches.filter(({ length }) => length > 0);
}

/** The plain rule, on the finished tree. */
function totalsOf(tree: readonly Span[]): UsageTotals {
  const byId = new Map(tree.map((span) => [span.id, span]));
  const withCounts = tree
    .filter(({ usage, cost }) => usage !== undefined || cost !== undefined)
    .map((span) => ({ span, above: lineAbove(span, byId) }));
  const withUsage = withCounts.filter(
    ({ span: { usage, type } }) => usage !== undefined || !FEE_TYPES.has(type),
  );
  const repeating = new Set(withUsage.flatMap(({ above }) => above));
  const reasons = withCounts.flatMap(({ span, above }): readonly [string, Uncounted][] => {
    if (repeating.has(span) && !above.includes(span)) return [[span.id, "repeated"]];
    const isJudge = [span, ...above].some(({ type }) => type === "evaluator");
    return isJudge ? [[span.id, "judge"]] : [];
  });
  const uncounted = Object.fromEntries(reasons);
  const sumOf = (reason?: Uncounted): readonly [number, number] => {
    const counted = withCounts.filter(({ span }) => uncounted[span.id] === reason);
    const spent = counted.map(({ span: { usage, cost = 0 } }) => [usage?.totalTokens ?? 0, cost]);
    return [sum(spent.map(([tokens = 0]) => tokens)), sum(spent.map(([, cost = 0]) => cost))];
  };
  return { sums: [...sumOf(), ...sumOf("judge")], uncounted };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** The spans above one, up to a scorer; in a ring, up to itself. */
function lineAbove(span: Span, byId: ReadonlyMap<string, Span>): readonly Span[] {
  const line: Span[] = [];
  let above = parentIn(span, byId);
  while (above !== undefined && !line.includes(above)) {
    line.push(above);
    above = parentIn(above, byId);
  }
  return line;
}

function parentIn({ id, parentId, type }: Span, byId: ReadonlyMap<string, Span>): Span | undefined {
  if (type === "evaluator" || parentId === undefined || parentId === id) return undefined;
  return byId.get(parentId);
}
