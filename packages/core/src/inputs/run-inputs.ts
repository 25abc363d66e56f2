import type {
  DatasetSummary,
  InputDataset,
  Page,
  PageQuery,
  RunInput,
  StringMap,
} from "@rivulet/domain";
import type { Context } from "../context.ts";
import { toStorePage } from "../query.ts";
import { notFound } from "../reference.ts";
import { parseInput } from "../validation.ts";
import { inputDatasetsSchema, logInputsSchema, runInputsSchema } from "./run-input-schemas.ts";

/** The datasets that runs were given. */
export interface RunInputs {
  /**
   * Says which datasets a run was given, up to 100 at once; durable when it resolves. A dataset is known by name and
   * digest: its first description in the experiment stays.
   *
   * @throws RivuletError `not_found` for the run; `conflict` when it is deleted; `invalid_argument`
   */
  logInputs(write: LogInputs): Promise<void>;
  /** The datasets that a run was given, by name, digest and context. @throws RivuletError `not_found` for the run */
  inputs(query: RunInputsPage): Promise<Page<RunInput>>;
}

/** What one `logInputs` writes. */
export interface LogInputs {
  /** The run. */
  readonly runId: string;
  /** What it was given. */
  readonly inputs: readonly GivenInput[];
}

/** A dataset that a run was given. */
export interface GivenInput extends InputOptions {
  /** The dataset, such as `inputDataset.fromRows` describes it. */
  readonly dataset: InputDataset;
}

/** What is said of a run's use of a dataset. */
export interface InputOptions {
  /** What for, such as `training` or `evaluation`. @default nothing is said */
  readonly context?: string;
  /** Free-form labels, up to 500 characters each. MLflow's `mlflow.data.context` is `context`. @default {} */
  readonly tags?: StringMap;
}

/** Selects a page of the inputs of a run. */
export interface RunInputsPage extends PageQuery {
  /** The run. */
  readonly runId: string;
}

/** MLflow's tag for what a dataset is used for. */
const CONTEXT_TAG = "mlflow.data.context";
/** Most datasets that are listed of experiments, as in MLflow. */
const MOST_DATASETS = 1_000;

/** Inputs of runs on the context's store. */
export function createRunInputs({ store, now, masking }: Context): RunInputs {
  return {
    logInputs: async (write) => {
      const { runId, inputs } = parseInput(logInputsSchema, write, "inputs");
      const loggedAt = now();
      const written = inputs.map(({ dataset, context, tags = {} }) => {
        const { [CONTEXT_TAG]: told, ...others } = tags;
        const use = context ?? told;
        return {
          dataset,
          ...(use === undefined ? {} : { context: use }),
          tags: masking.map(others),
          loggedAt,
        };
      });
      await (await store()).runs.logInputs({ runId, inputs: written });
    },
    inputs: async (query) => {
      const { runId, ...page } = parseInput(runInputsSchema, query, "query");
      const { runs } = await store();
      const found = await runs.inputs({ runId, ...toStorePage(page) });
      if (found.items.length === 0 && (await runs.get(runId)) === undefined)
        throw notFound("run", runId);
      return found;
    },
  };
}

/** The datasets that runs of some experiments were given, up to 1,000. */
export async function listInputDatasets(
  { store }: Context,
  query: { readonly experimentIds?: readonly string[] } = {},
): Promise<readonly DatasetSummary[]> {
  const { experimentIds = [] } = parseInput(inputDatasetsSchema, query, "query");
  return (await store()).runs.inputDatasets({ experimentIds, limit: MOST_DATASETS });
}
