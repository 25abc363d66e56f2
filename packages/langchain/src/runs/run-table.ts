import type {
  AbandonedEnd,
  AbandonReason,
  ActiveSpan,
  EnteredSpan,
  Rivulet,
  SpanParent,
  SpanWatch,
} from "@rivulet/core";
import { LRUCache } from "lru-cache";
import { currentCaller, enableLangChainContext } from "./caller.ts";
import { type OpenRun, type PassedRun, partialAnswer } from "./run.ts";

/** How the runs of a client are doing. */
export interface RunTableStats {
  /** Runs with a span that have started and not ended. */
  readonly openRuns: number;
  /** Runs that their consumer left without an end, since the start. */
  readonly abandonedRuns: number;
  /** Runs that were let go of because too many were open, since the start. */
  readonly droppedRuns: number;
}

/** What a client knows of LangChain's runs, whichever of its handlers was told of them. */
export interface RunTable {
  get(runId: string): OpenRun | undefined;
  /** Oldest first. */
  values(): Iterable<OpenRun>;
  /** @param metadata LangChain's own object of the run: it lives as long as LangChain can still report on the run */
  add(run: Omit<OpenRun, "watch">, metadata: object | undefined): OpenRun;
  remove(run: OpenRun): void;
  /** The run of this id, or if it has no span, the first above it that has one. */
  enclosing(runId: string | undefined): OpenRun | undefined;
  /** The span that Rivulet itself made active, and inside which run. */
  readonly entered: () => EnteredSpan | undefined;
  /** What hangs under the run of this id, also a moment after its end. */
  place(runId: string | undefined): SpanParent | undefined;
  /** Remembers a run that gets no span. */
  passOver(runId: string, run: PassedRun): void;
  /** Forgets a run without a span, and returns it. */
  takePassed(runId: string): PassedRun | undefined;
  stats(): RunTableStats;
}

/** So many ended runs are remembered, for children that start late. */
const MAX_FORMER = 1_000;
/** So many runs without a span are remembered. */
const MAX_PASSED = 10_000;
/** Runs without spans have more of their kind above them only by mistake. */
const MAX_HOPS = 64;

/** The table of one client. */
function createRunTable(rivulet: Rivulet): RunTable {
  const open = new Map<string, OpenRun>();
  const former = new LRUCache<string, SpanParent>({ max: MAX_FORMER });
  // No LRU cache: that one clears its whole arrays when its last entry is deleted, which each chain does.
  const passed = new Map<string, PassedRun>();
  const counts = { left: 0, too_many: 0, closed: 0 };

  function remove(run: OpenRun): void {
    if (open.get(run.runId) !== run) return;
    open.delete(run.runId);
    run.watch.stop();
    if (canHaveChildren(run)) former.set(run.runId, placeOf(run.span));
  }

  /** The run is found by its id: what watches over it must not keep what LangChain gave. */
  function watch(span: ActiveSpan, runId: string, metadata: object | undefined): SpanWatch {
    const onAbandoned = (end: AbandonedEnd, reason: AbandonReason): void => {
      const run = open.get(runId);
      if (run === undefined) return;
      counts[reason] += 1;
      remove(run);
      run.span.end({ ...partialAnswer(run), ...end });
    };
    return rivulet.watchSpan(span, { aliveWith: objectOf(metadata), onAbandoned });
  }

  const find = <T>(runId: string | undefined, look: (id: string) => T | undefined): T | undefined =>
    firstFound({ runId, passed }, look);
  const enclosing = (runId: string | undefined): OpenRun | undefined =>
    find(runId, (id) => open.get(id));
  const entered = rivulet.joinContext({
    current: () => currentCaller()?.runIds.find((runId) => enclosing(runId) !== undefined),
    spanOf: (runId) => enclosing(runId as string)?.span,
  });

  return Object.freeze<RunTable>({
    get: (runId) => open.get(runId),
    values: () => open.values(),
    add(run, metadata) {
      const added = { ...run, watch: watch(run.span, run.runId, metadata) };
      open.set(run.runId, added);
      return added;
    },
    remove,
    enclosing,
    entered,
    place: (runId) => find(runId, (id) => open.get(id)?.span ?? former.get(id)),
    passOver: (runId, run) => remember(passed, runId, run),
    takePassed(runId) {
      const run = passed.get(runId);
      passed.delete(runId);
      return run;
    },
    stats: () => ({
      openRuns: open.size,
      abandonedRuns: counts.left,
      droppedRuns: counts.too_many,
    }),
  });
}

interface Searched {
  readonly runId: string | undefined;
  /** The runs without a span. */
  readonly passed: ReadonlyMap<string, PassedRun>;
}

/** Looks at the run, then at those above it as long as they have no span. */
function firstFound<T>(
  { runId, passed }: Searched,
  look: (id: string) => T | undefined,
): T | undefined {
  let id = runId;
  for (let hops = 0; id !== undefined && hops < MAX_HOPS; hops++) {
    const found = look(id);
    if (found !== undefined) return found;
    id = passed.get(id)?.parentRunId;
  }
  return undefined;
}

/** The oldest make room. */
function remember(passed: Map<string, PassedRun>, runId: string, run: PassedRun): void {
  const [oldest] = passed.size < MAX_PASSED ? [] : passed.keys();
  if (oldest !== undefined) passed.delete(oldest);
  passed.set(runId, run);
}

function objectOf(metadata: unknown): object | undefined {
  return typeof metadata === "object" && metadata !== null ? metadata : undefined;
}

/** Models start nothing under themselves. */
function canHaveChildren({ kind }: OpenRun): boolean {
  return kind !== "chat_model" && kind !== "llm";
}

/** Only what a child needs: the span itself holds input and output. */
function placeOf({ traceId, id, experimentId, sampled }: ActiveSpan): SpanParent {
  return { traceId, id, experimentId, sampled };
}

const tables = new WeakMap<Rivulet, RunTable>();

/**
 * The runs of a client, whichever of its handlers was told of them: an app may make a handler per request,
 * and a model may have one of its own. From the first call on, the run that encloses the code is the
 * client's active span.
 */
export function clientRuns(rivulet: Rivulet): RunTable {
  const known = tables.get(rivulet);
  if (known !== undefined) return known;
  const table = createRunTable(rivulet);
  tables.set(rivulet, table);
  enableLangChainContext();
  return table;
}

/**
 * What a run hangs under that LangChain says started under `parentRunId`: that run, or what Rivulet itself made active
 * inside it, whichever trace that belongs to.
 */
export function placeOfRun(
  rivulet: Rivulet,
  table: RunTable,
  parentRunId: string | undefined,
): SpanParent | undefined {
  const place = table.place(parentRunId);
  if (place === undefined) return rivulet.activeSpan();
  const entered = table.entered();
  if (entered === undefined || entered.span.ended) return place;
  const { span, within } = entered;
  const isInside = table.place(within as string | undefined)?.id === place.id;
  return isInside || span.isWithin(place) ? span : place;
}
