import type {
  Experiment,
  LifecycleFilter,
  LifecycleStage,
  MetricDeclarations,
  Page,
} from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { DeletedPlace, DeletedQuery } from "./purge.ts";
import type { StoreQuery, TagPatch } from "./query.ts";

/** The experiments of a store. */
export interface ExperimentStore {
  /** Adds an experiment. @throws RivuletError `already_exists` when the name is taken, even by a deleted experiment */
  create(experiment: Experiment): Promise<void>;
  /** One experiment, deleted or not; `undefined` when there is none of this id. */
  get(id: string): Promise<Experiment | undefined>;
  /** Those of some experiments that exist, deleted or not, in no order; up to 1,000 at once. */
  getMany(ids: readonly string[]): Promise<readonly Experiment[]>;
  /** One experiment, deleted or not; `undefined` when there is none of this name. */
  findByName(name: string): Promise<Experiment | undefined>;
  /**
   * Changes an experiment.
   *
   * @throws RivuletError `not_found`, `already_exists` for a taken name, `limit_exceeded` for more than 1,000 metrics, or
   * `conflict` while it is deleted, unless it is restored
   */
  update(patch: ExperimentPatch): Promise<Experiment>;
  /**
   * Declares those of some metrics that are not declared yet.
   *
   * @throws RivuletError `not_found`, or `limit_exceeded` for more than 1,000 metrics
   */
  declareMetrics(declared: DeclaredMetrics): Promise<void>;
  /** What is deleted, longest deleted first. */
  listDeleted(query: DeletedQuery): Promise<readonly DeletedPlace[]>;
  /**
   * Removes a deleted experiment for good, with its evaluations, views and names of metrics.
   *
   * @throws RivuletError `not_found`; `conflict` if it is not deleted, or while it has runs or traces
   */
  purge(id: string): Promise<void>;
  /** Default order: newest first. */
  search(query: StoreQuery & { readonly lifecycle: LifecycleFilter }): Promise<Page<Experiment>>;
}

/** Changes to an experiment. Absent fields stay as they are. */
export interface ExperimentPatch extends TagPatch {
  /** The experiment to change. */
  readonly id: string;
  /** New name. */
  readonly name?: string;
  /** `deleted` deletes it with its active runs, `active` restores it with those. */
  readonly lifecycleStage?: LifecycleStage;
  /** Metrics to declare, or to declare otherwise. */
  readonly metrics?: MetricDeclarations;
  /** Keys of metrics of which nothing is said any more; unknown ones are ignored. */
  readonly removeMetrics?: readonly string[];
  /** The `updatedAt` that it must have; another one is a `conflict`. @default any */
  readonly expected?: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** What `declareMetrics` takes. */
export interface DeclaredMetrics {
  /** The experiment of the metrics. */
  readonly id: string;
  /** Declarations, which do not replace what is there. */
  readonly metrics: MetricDeclarations;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Access and change events of each operation. */
export const experimentOperations: Operations<ExperimentStore> = {
  create: write(ENTITIES.experiment),
  get: read,
  getMany: read,
  findByName: read,
  update: write(ENTITIES.experiment),
  declareMetrics: write(ENTITIES.experiment),
  listDeleted: search,
  purge: write(ENTITIES.experiment),
  search: search,
};
