import type { MetricPoint, Run } from "@rivulet/domain";
import type { Artifacts } from "../artifacts/artifacts.ts";
import { createRunFiles } from "../artifacts/create-run-files.ts";
import type { Context } from "../context.ts";
import { parseInput } from "../validation.ts";
import type { Experiments } from "./experiments.ts";
import { createMetricPoints } from "./metric-points.ts";
import { endStatusSchema } from "./run-input.ts";
import type { ActiveRun, Runs } from "./runs.ts";

/** What a run's handle depends on. */
export interface ActiveRunDependencies {
  readonly context: Context;
  readonly artifacts: Artifacts;
  readonly experiments: Pick<Experiments, "update">;
  readonly runs: Pick<Runs, "logBatch" | "update">;
  /** Of a run that goes on: key → the highest step that it has. @default none */
  readonly lastSteps?: ReadonlyMap<string, number>;
}

/** A handle that also tells whether the run was ended through it. */
export interface TrackedRun extends ActiveRun {
  readonly isFinished: () => boolean;
}

/** Creates a handle to log with. */
export function createActiveRun(run: Run, dependencies: ActiveRunDependencies): TrackedRun {
  const { context, artifacts, experiments, runs, lastSteps = new Map() } = dependencies;
  let finished = false;
  const points = createMetricPoints(context, { runId: run.id, lastSteps });

  const append = (logged: readonly MetricPoint[]): void => {
    if (logged.length > 0) context.journal.appendMetrics({ runId: run.id, points: logged });
  };

  const setTags: ActiveRun["setTags"] = (tags) => runs.logBatch({ runId: run.id, tags });

  return Object.freeze<TrackedRun>({
    id: run.id,
    experimentId: run.experimentId,
    name: run.name,
    isFinished: () => finished,
    logMetrics: (values, options) => append(points.ofAll(values, options)),
    logMetric: (key, value, options) => append(points.ofOne(key, value, options)),
    logParams: (params) => runs.logBatch({ runId: run.id, params }),
    declareMetrics: async (metrics) => {
      await experiments.update(run.experimentId, { metrics });
    },
    setTags,
    ...createRunFiles({ context, artifacts, runId: run.id, setTags }),
    finish: async (status = "finished") => {
      const checked = parseInput(endStatusSchema, status, "status");
      finished = true;
      await context.journal.flush();
      return runs.update(run.id, { status: checked, endTime: context.now() });
    },
  });
}
