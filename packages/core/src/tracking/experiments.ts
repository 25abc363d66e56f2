import type { Experiment } from "../domain/experiment.ts";
import type { StringMap } from "../domain/json.ts";
import type { LifecycleFilter, Page, SearchQuery } from "../domain/page.ts";

/** Experiments: named sets of runs and traces. */
export interface Experiments {
  /** @throws `already_exists` when the name is taken. */
  create(options: { readonly name: string; readonly tags?: StringMap }): Promise<Experiment>;
  /** @throws `not_found` */
  get(id: string): Promise<Experiment>;
  find(name: string): Promise<Experiment | undefined>;
  /** The experiment of this name, made when it is not there. */
  ensure(name: string): Promise<Experiment>;
  search(query?: SearchQuery & { readonly lifecycle?: LifecycleFilter }): Promise<Page<Experiment>>;
  update(id: string, patch: ExperimentUpdate): Promise<Experiment>;
  /** Hides the experiment; its runs stay. The default experiment cannot be deleted. */
  delete(id: string): Promise<Experiment>;
  restore(id: string): Promise<Experiment>;
}

export interface ExperimentUpdate {
  readonly name?: string;
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}
