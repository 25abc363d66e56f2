import type { Experiment, LifecycleFilter, LifecycleStage, Page } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { StoreQuery, TagPatch } from "./query.ts";

/** Experiments. */
export interface ExperimentStore {
  /** `already_exists` when the name is taken, by a deleted experiment too. */
  create(experiment: Experiment): Promise<void>;
  get(id: string): Promise<Experiment | undefined>;
  findByName(name: string): Promise<Experiment | undefined>;
  /** `not_found`, or `already_exists` for a taken name. */
  update(patch: ExperimentPatch): Promise<Experiment>;
  /** Default order: newest first. */
  search(query: StoreQuery & { readonly lifecycle: LifecycleFilter }): Promise<Page<Experiment>>;
}

/** What changes in an experiment. What is left out stays. */
export interface ExperimentPatch extends TagPatch {
  readonly id: string;
  readonly name?: string;
  readonly lifecycleStage?: LifecycleStage;
  readonly updatedAt: number;
}

/** What each of them does, as facts. */
export const experimentOperations: Operations<ExperimentStore> = {
  create: write(ENTITIES.experiment),
  get: read,
  findByName: read,
  update: write(ENTITIES.experiment),
  search: search,
};
