import type { StringMap } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { sourceOfProcess } from "../source/run-source.ts";
import { monitorSystem, type SystemMetricsOptions } from "../system-metrics/system-metrics.ts";
import type { TrackedRun } from "./create-active-run.ts";

/** What holds for runs that are started in this process. */
export interface StartedRuns {
  /** Whether they say what program they are of. */
  readonly sourceTags: boolean;
  /** What is recorded of machine and process unless a run says otherwise. */
  readonly systemMetrics: boolean | SystemMetricsOptions;
}

/** The options of a run with what is known of its program; what was given has the last word. */
export async function withSource<T extends { readonly userId?: string; readonly tags?: StringMap }>(
  given: T,
  isWanted: boolean,
): Promise<T> {
  if (!isWanted) return given;
  const { tags, ...source } = await sourceOfProcess();
  return { ...source, ...given, tags: { ...tags, ...given.tags } };
}

/** The handle, which records facts of the system, if any are wanted, until the run is ended through it. */
export function monitored(
  run: TrackedRun,
  wanted: boolean | SystemMetricsOptions,
  { reportError, isClosed }: Pick<Context, "reportError" | "isClosed">,
): TrackedRun {
  if (wanted === false) return run;
  const stop = monitorSystem(wanted === true ? {} : wanted, {
    log: run.logMetrics,
    reportError,
    isClosed,
  });
  return Object.freeze<TrackedRun>({
    ...run,
    finish: (status) => {
      stop();
      return run.finish(status);
    },
  });
}
