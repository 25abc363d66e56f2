import type { Experiment, LifecycleFilter, LifecycleStage, Page } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { StoreQuery, TagPatch } from "./query.ts";

/** The experiments of a store. */
export interface ExperimentStore {
  /** Adds an experiment. @throws RivuletError `already_exists` when the name is taken, even by a deleted experiment */
  create(experiment: Experiment): Promise<void>;
  /** One experiment, deleted or not; `undefined` when there is none of this id. */
  get(id: string): Promise<Experiment | undefined>;
  /** One experiment, deleted or not; `undefined` when there is none of this name. */
  findByName(name: string): Promise<Experiment | undefined>;
  /** Changes an experiment. @throws RivuletError `not_found`, or `already_exists` for a taken name */
  update(patch: ExperimentPatch): Promise<Experiment>;
  /** Default order: newest first. */
  search(query: StoreQuery & { readonly lifecycle: LifecycleFilter }): Promise<Page<Experiment>>;
}

/** Changes to an experiment. Absent fields stay as they are. */
export interface ExperimentPatch extends TagPatch {
  /** The experiment to change. */
  readonly id: string;
  /** New name. */
  readonly name?: string;
  /** `deleted` deletes it, `active` restores it. */
  readonly lifecycleStage?: LifecycleStage;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Access and change events of each operation. */
export const experimentOperations: Operations<ExperimentStore> = {
  create: write(ENTITIES.experiment),
  get: read,
  findByName: read,
  update: write(ENTITIES.experiment),
  search: search,
};
