import type {
  LifecycleFilter,
  LifecycleStage,
  LoggedModel,
  LoggedModelStatus,
  ModelSignature,
  Page,
  StringMap,
} from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { StoreQuery, TagPatch } from "./query.ts";

/** Models that runs have made. Their files are artifacts of the run; metrics are written with those of runs. */
export interface LoggedModelStore {
  /**
   * Adds a model. Returns its `artifactPath`, which another one of the run has not unless there is no `pathIfTaken`.
   *
   * @throws RivuletError `not_found` for its run; `conflict` when that is deleted
   */
  create(model: NewLoggedModel): Promise<string>;
  /** One model, deleted or not; `undefined` when there is none of this id. */
  get(id: string): Promise<LoggedModel | undefined>;
  /**
   * Changes a model. @throws RivuletError `not_found`; `conflict` for a deleted one that is not restored, and for a param
   * that already has another value
   */
  update(patch: LoggedModelPatch): Promise<LoggedModel>;
  /** Default order: newest first. An empty `experimentIds` means all. */
  search(query: LoggedModelQuery): Promise<Page<LoggedModel>>;
}

/** A logged model to add. */
export interface NewLoggedModel extends LoggedModel {
  /** Its `artifactPath` when another model of the run is there. @default both have one path */
  readonly pathIfTaken?: string;
}

/** Changes to a logged model. Absent fields stay as they are. */
export interface LoggedModelPatch extends TagPatch {
  /** The model to change. */
  readonly id: string;
  /** New name. */
  readonly name?: string;
  /** Whether its files are there. */
  readonly status?: LoggedModelStatus;
  /** Reason for the new status; a status without a message clears the old one. */
  readonly statusMessage?: string;
  /** What it takes and gives. */
  readonly signature?: ModelSignature;
  /** Params to add, each written once. */
  readonly params?: StringMap;
  /** `deleted` deletes it, `active` restores it. */
  readonly lifecycleStage?: LifecycleStage;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Selects a page of logged models. */
export interface LoggedModelQuery extends StoreQuery {
  /** Experiments to search; empty for all. */
  readonly experimentIds: readonly string[];
  /** Whether active models, deleted ones or all are found. */
  readonly lifecycle: LifecycleFilter;
  /** Only metrics on these datasets count in filter and order. @default all metrics */
  readonly datasets?: readonly MeasuredDataset[];
}

/** A dataset that metrics were measured on. */
export interface MeasuredDataset {
  /** Its name. */
  readonly name: string;
  /** Its digest. @default any */
  readonly digest?: string;
}

/** Access and change events of each operation. */
export const loggedModelOperations: Operations<LoggedModelStore> = {
  create: write(ENTITIES.loggedModel),
  get: read,
  update: write(ENTITIES.loggedModel),
  search: search,
};
