import type { OpenRun } from "./open-run.ts";

/** What {@link watchAbandoned} takes. */
export interface AbandonedRunsOptions {
  readonly open: ReadonlyMap<string, OpenRun>;
  readonly now: () => number;
  readonly onAbandoned: (run: OpenRun) => void;
}

/** Notices runs that LangChain never ends, as those of a stream that is not read to its end. */
export interface AbandonedRuns {
  /** @param metadata LangChain's own object of the run */
  add(run: OpenRun, metadata: object | undefined): void;
  forget(run: OpenRun): void;
}

/** A run without news for this long has been left, even if something keeps its objects alive. */
const IDLE_MS = 3_600_000;
const SWEEP_MS = 60_000;
/** Most runs have ended by then, and V8's registry costs as much as the rest of their record. */
const YOUNG_MS = 100;

/**
 * LangChain hands each run a metadata object and holds it as long as it can still report on the run: when
 * that object is garbage, no end will come. The object must not be kept here, but for a young run.
 */
export function watchAbandoned({ open, now, onAbandoned }: AbandonedRunsOptions): AbandonedRuns {
  const registry = new FinalizationRegistry<OpenRun>(onAbandoned);
  let timer: NodeJS.Timeout | undefined;
  let youngTimer: NodeJS.Timeout | undefined;

  function watchGrown(): void {
    youngTimer = undefined;
    for (const run of open.values()) {
      if (run.young !== undefined) registry.register(run.young, run, run);
      run.young = undefined;
    }
  }

  /** A timer that finds nothing to do would cost an idle app more than one that is set anew. */
  function stopYoungTimer(): void {
    clearTimeout(youngTimer);
    youngTimer = undefined;
  }

  function sweep(): void {
    const before = now() - IDLE_MS;
    for (const run of open.values()) if (run.lastNews < before) onAbandoned(run);
    stopWhenIdle();
  }

  function stopWhenIdle(): void {
    if (open.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return Object.freeze<AbandonedRuns>({
    add(run, metadata) {
      timer ??= setInterval(sweep, SWEEP_MS).unref();
      if (typeof metadata !== "object" || metadata === null) return;
      run.young = metadata;
      youngTimer ??= setTimeout(watchGrown, YOUNG_MS).unref();
    },
    forget(run) {
      if (run.young === undefined) registry.unregister(run);
      run.young = undefined;
      if (open.size === 0) stopYoungTimer();
    },
  });
}
