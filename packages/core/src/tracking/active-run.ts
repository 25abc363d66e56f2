import type { MetricPoint, Run } from "@rivulet/domain";
import type { Artifacts } from "../artifacts/artifacts.ts";
import type { Context } from "../context.ts";
import { parseInput, readInput, reportUnknownNames } from "../validation.ts";
import type { Experiments } from "./experiments.ts";
import {
  checkKey,
  checkMetric,
  checkTimestamp,
  endStatusSchema,
  readMetricOptions,
} from "./run-input.ts";
import type { ActiveRun, Runs } from "./runs.ts";

/** What a run's handle depends on. */
export interface ActiveRunDependencies {
  readonly context: Context;
  readonly artifacts: Artifacts;
  readonly experiments: Pick<Experiments, "update">;
  readonly runs: Pick<Runs, "logBatch" | "update">;
}

/** A handle that also tells whether the run was ended through it. */
export interface TrackedRun extends ActiveRun {
  readonly isFinished: () => boolean;
}

const METRIC_OPTIONS = { of: "logMetrics", known: ["step", "timestamp"] };

/** Creates a handle to log with. */
export function createActiveRun(run: Run, dependencies: ActiveRunDependencies): TrackedRun {
  const { context, artifacts, experiments, runs } = dependencies;
  let finished = false;
  const names = { ...METRIC_OPTIONS, told: new Set<string>(), report: context.reportError };

  const logMetrics: ActiveRun["logMetrics"] = (values, options = {}) => {
    reportUnknownNames(options, names);
    const { step, timestamp } = readMetricOptions(options);
    const time = timestamp ?? context.now();
    checkTimestamp(time);
    const entries = readInput("metrics", () => Object.entries(values));
    const points = entries.map(([key, value]): MetricPoint => {
      checkMetric(key, value, step);
      return { key, value, step, timestamp: time };
    });
    if (points.length > 0) context.journal.appendMetrics({ runId: run.id, points });
  };

  return Object.freeze<TrackedRun>({
    id: run.id,
    experimentId: run.experimentId,
    name: run.name,
    isFinished: () => finished,
    logMetrics,
    logMetric: (key, value, options) => logMetrics({ [checkKey(key)]: value }, options),
    logParams: (params) => runs.logBatch({ runId: run.id, params }),
    declareMetrics: async (metrics) => {
      await experiments.update(run.experimentId, { metrics });
    },
    setTags: (tags) => runs.logBatch({ runId: run.id, tags }),
    logArtifact: async (path, content, options = {}) => {
      const given = readInput("options", () => ({ ...options }));
      await artifacts.put({ ...given, runId: run.id, path, content });
    },
    finish: async (status = "finished") => {
      const checked = parseInput(endStatusSchema, status, "status");
      finished = true;
      await context.journal.flush();
      return runs.update(run.id, { status: checked, endTime: context.now() });
    },
  });
}
