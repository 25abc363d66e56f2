import { type MetricPoint, RivuletError, type Run } from "@rivulet/domain";
import type { Artifacts } from "../artifacts/artifacts.ts";
import { createRunFiles } from "../artifacts/create-run-files.ts";
import type { Context } from "../context.ts";
import { inputOptionsSchema } from "../inputs/run-input-schemas.ts";
import type { RunInputs } from "../inputs/run-inputs.ts";
import { logModel } from "../logged-models/log-model.ts";
import type { LoggedModels } from "../logged-models/logged-models.ts";
import { parseInput } from "../validation.ts";
import type { ActiveRun } from "./active-run.ts";
import type { Experiments } from "./experiments.ts";
import { measuredIn } from "./measured-model.ts";
import { createMetricPoints, type MetricOptions } from "./metric-points.ts";
import { endOf } from "./run-end.ts";
import { endStatusSchema } from "./run-input.ts";
import type { Runs } from "./runs.ts";

/** Registers a logged model as the next version of a model. */
export type RegisterLogged = (version: {
  readonly name: string;
  readonly modelId: string;
  readonly aliases?: readonly string[];
}) => Promise<unknown>;

/** What a run's handle depends on. */
export interface ActiveRunDependencies {
  readonly context: Context;
  readonly artifacts: Artifacts;
  /** Registers a logged model. */
  readonly register: RegisterLogged;
  readonly inputs: Pick<RunInputs, "logInputs">;
  readonly loggedModels: Pick<LoggedModels, "create" | "update">;
  readonly experiments: Pick<Experiments, "update">;
  readonly runs: Pick<Runs, "logBatch" | "update">;
  /** Of a run that goes on: key → the highest step that it has. @default none */
  readonly lastSteps?: ReadonlyMap<string, number>;
}

/** A handle that also tells whether the run was ended through it. */
export interface TrackedRun extends ActiveRun {
  readonly isFinished: () => boolean;
}

/** Why points are lost: most often, nobody has waited for the work that logs them. */
function afterClose(runId: string): RivuletError {
  return new RivuletError(
    "closed",
    `Metrics of run "${runId}" were not logged: the client is closed. Close it when the work is done.`,
    { details: { runId } },
  );
}

/** Creates a handle to log with. */
export function createActiveRun(run: Run, dependencies: ActiveRunDependencies): TrackedRun {
  const { context, artifacts, experiments, inputs, runs, lastSteps = new Map() } = dependencies;
  let finished = false;
  const points = createMetricPoints(context, { runId: run.id, lastSteps });

  const append = (logged: readonly MetricPoint[], options: MetricOptions | undefined): void => {
    if (logged.length === 0) return;
    if (context.isClosed()) {
      context.reportError(afterClose(run.id), run.id);
      return;
    }
    const model = options === undefined ? undefined : measuredIn(options, context);
    context.journal.appendMetrics({ runId: run.id, points: logged, ...(model && { model }) });
  };

  const setTags: ActiveRun["setTags"] = (tags) => runs.logBatch({ runId: run.id, tags });

  return Object.freeze<TrackedRun>({
    id: run.id,
    experimentId: run.experimentId,
    name: run.name,
    isFinished: () => finished,
    logMetrics: (values, options) => append(points.ofAll(values, options), options),
    logMetric: (key, value, options) => append(points.ofOne(key, value, options), options),
    logParams: (params) => runs.logBatch({ runId: run.id, params }),
    declareMetrics: async (metrics) => {
      await experiments.update(run.experimentId, { metrics });
    },
    setTags,
    ...createRunFiles({ context, artifacts, runId: run.id, setTags }),
    logInput: async (dataset, options = {}) => {
      const use = parseInput(inputOptionsSchema, options, "options");
      return inputs.logInputs({ runId: run.id, inputs: [{ ...use, dataset }] });
    },
    logModel: async (name, files, { registerAs, aliases, ...options } = {}) => {
      const model = await logModel(dependencies, { runId: run.id, name, files, options });
      if (registerAs === undefined) return model;
      const named = aliases === undefined ? {} : { aliases };
      await dependencies.register({ name: registerAs, modelId: model.id, ...named });
      return model;
    },
    setNote: async (note) => {
      await runs.update(run.id, { note });
    },
    finish: async (status = "finished") => {
      const checked = parseInput(endStatusSchema, status, "status");
      finished = true;
      await context.journal.flush();
      return runs.update(run.id, { status: checked, endTime: endOf(run, context.now()) });
    },
  });
}
