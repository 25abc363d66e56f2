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

/**
 * LangChain hands each run a metadata object and holds it as long as it can still report on the run: when
 * that object is garbage, no end will come. The object itself must never be kept here.
 */
export function watchAbandoned({ open, now, onAbandoned }: AbandonedRunsOptions): AbandonedRuns {
  const registry = new FinalizationRegistry<OpenRun>(onAbandoned);
  let timer: NodeJS.Timeout | undefined;

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
      if (typeof metadata === "object" && metadata !== null) registry.register(metadata, run, run);
      timer ??= setInterval(sweep, SWEEP_MS).unref();
    },
    forget(run) {
      registry.unregister(run);
    },
  });
}
