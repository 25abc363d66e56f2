import { type Rivulet, RivuletError } from "@rivulet/core";
import { watchAbandoned } from "./abandoned-runs.ts";
import { partialAnswer } from "./model-stream.ts";
import type { OpenRun } from "./open-run.ts";

/** How the runs of a client are doing. */
export interface RunTableStats {
  /** Runs with a span that have started and not ended. */
  readonly openRuns: number;
  /** Runs that their consumer left without an end, since the start. */
  readonly abandonedRuns: number;
  /** Runs that were let go of because too many were open, since the start. */
  readonly droppedRuns: number;
}

/** The runs with a span that are open: so many at most, and none for ever. */
export interface OpenRuns {
  get(runId: string): OpenRun | undefined;
  /** Oldest first. */
  values(): Iterable<OpenRun>;
  /** @param metadata an object that lives as long as LangChain can still report on the run */
  add(run: OpenRun, metadata: object | undefined): void;
  remove(run: OpenRun): void;
  stats(): RunTableStats;
}

/** Over this many the oldest is closed as abandoned. */
const MAX_OPEN = 10_000;

/** @param onRemoved told of each run that is no longer open, before its span ends */
export function createOpenRuns(rivulet: Rivulet, onRemoved: (run: OpenRun) => void): OpenRuns {
  const open = new Map<string, OpenRun>();
  let abandonedRuns = 0;
  let droppedRuns = 0;

  function remove(run: OpenRun): void {
    if (open.get(run.runId) !== run) return;
    open.delete(run.runId);
    watch.forget(run);
    onRemoved(run);
  }

  function abandon(run: OpenRun): void {
    remove(run);
    run.span.end({
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

  return Object.freeze<OpenRuns>({
    get: (runId) => open.get(runId),
    values: () => open.values(),
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
    stats: () => ({ openRuns: open.size, abandonedRuns, droppedRuns }),
  });
}

function tooMany(): RivuletError {
  const message = `More than ${MAX_OPEN} LangChain runs are open: the oldest are closed as abandoned. Streams that are not read to their end stay open until they are garbage.`;
  return new RivuletError("limit_exceeded", message);
}
