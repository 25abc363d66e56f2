import { type Rivulet, RivuletError, type SpanParent } from "@rivulet/core";
import { watchAbandoned } from "./abandoned-runs.ts";
import { partialAnswer } from "./model-stream.ts";
import type { OpenRun } from "./open-run.ts";

/** How the runs of a client are doing. */
export interface RunTableStats {
  /** Runs that have started and not ended. */
  readonly openRuns: number;
  /** Runs that their consumer left without an end, since the start. */
  readonly abandonedRuns: number;
  /** Runs that were let go of because too many were open, since the start. */
  readonly droppedRuns: number;
}

/** The open runs of a client, whichever of its handlers was told of them. */
export interface RunTable {
  get(runId: string): OpenRun | undefined;
  /** Oldest first. */
  open(): Iterable<OpenRun>;
  /** @param metadata an object that lives as long as LangChain can still report on the run */
  add(run: OpenRun, metadata: object | undefined): void;
  remove(run: OpenRun): void;
  /** What a run hangs under whose parent is no longer open. */
  formerPlace(runId: string): SpanParent | undefined;
  stats(): RunTableStats;
}

/** Over this many the oldest is closed as abandoned. */
const MAX_OPEN = 10_000;
/** At least so many ended runs are remembered, for children that start late. */
const MAX_FORMER = 1_000;

/** The table of one client. */
export function createRunTable(rivulet: Rivulet): RunTable {
  const open = new Map<string, OpenRun>();
  const former = createFormerPlaces();
  let abandonedRuns = 0;
  let droppedRuns = 0;

  function remove(run: OpenRun): void {
    if (open.get(run.runId) !== run) return;
    open.delete(run.runId);
    watch.forget(run);
    if (canHaveChildren(run) && run.place !== undefined) former.remember(run.runId, run.place);
  }

  function abandon(run: OpenRun): void {
    remove(run);
    run.span?.end({
      status: "abandoned",
      statusMessage: "Its consumer left before the end.",
      endTime: run.lastNews,
      ...partialAnswer(run),
    });
  }

  const watch = watchAbandoned({
    open,
    now: rivulet.now,
    onAbandoned(run) {
      if (open.get(run.runId) !== run) return;
      abandonedRuns++;
      abandon(run);
    },
  });

  return Object.freeze<RunTable>({
    get: (runId) => open.get(runId),
    open: () => open.values(),
    add(run, metadata) {
      const oldest = open.size < MAX_OPEN ? undefined : open.values().next().value;
      if (oldest !== undefined) {
        droppedRuns++;
        rivulet.reportError(tooMany());
        abandon(oldest);
      }
      open.set(run.runId, run);
      watch.add(run, metadata);
    },
    remove,
    formerPlace: (runId) => former.get(runId),
    stats: () => ({ openRuns: open.size, abandonedRuns, droppedRuns }),
  });
}

/** Models, prompts and parsers start nothing under themselves. */
function canHaveChildren({ kind }: OpenRun): boolean {
  return kind === "chain" || kind === "tool";
}

/**
 * Places of ended runs, in two generations: deleting the oldest entry of one map at each insertion makes V8
 * skip all the deleted ones to find the next.
 */
function createFormerPlaces(): {
  get(runId: string): SpanParent | undefined;
  remember(runId: string, place: SpanParent): void;
} {
  let young = new Map<string, SpanParent>();
  let old = new Map<string, SpanParent>();
  return {
    get: (runId) => young.get(runId) ?? old.get(runId),
    remember(runId, { traceId, id, experimentId, sampled }) {
      if (young.size >= MAX_FORMER) {
        old = young;
        young = new Map();
      }
      // Only what a child needs: the span itself holds input and output.
      young.set(runId, {
        traceId,
        id,
        ...(experimentId === undefined ? {} : { experimentId }),
        ...(sampled === undefined ? {} : { sampled }),
      });
    },
  };
}

function tooMany(): RivuletError {
  const message = `More than ${MAX_OPEN} LangChain runs are open: the oldest are closed as abandoned. Streams that are not read to their end stay open until they are garbage.`;
  return new RivuletError("limit_exceeded", message);
}
