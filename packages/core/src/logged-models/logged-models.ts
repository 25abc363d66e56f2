import type {
  LifecycleFilter,
  LoggedModel,
  LoggedModelStatus,
  ModelSignature,
  Page,
  SearchQuery,
} from "@rivulet/domain";
import type { MeasuredDataset } from "@rivulet/store";
import type { Params } from "../params.ts";
import type { Tags } from "../validation.ts";

/** Models that runs have made: files of a run, and what is known of them. `run.logModel` makes them. */
export interface LoggedModels {
  /**
   * Makes the record of a model whose files are, or will be, artifacts of its run.
   *
   * @throws RivuletError `not_found` for the run; `conflict` when that is deleted; `invalid_argument`
   */
  create(options: CreateLoggedModelOptions): Promise<LoggedModel>;
  /** The model, deleted or not. @throws RivuletError `not_found` */
  get(id: string): Promise<LoggedModel>;
  /** The model, deleted or not; `undefined` when there is none of this id. */
  find(id: string): Promise<LoggedModel | undefined>;
  /** Default order: newest first. */
  search(query?: LoggedModelSearch): Promise<Page<LoggedModel>>;
  /** Changes a model. @throws RivuletError `not_found`; `conflict` when it is deleted, or for a param with another value */
  update(id: string, patch: LoggedModelUpdate): Promise<LoggedModel>;
  /** Hides the model until it is restored; its files stay with the run. @throws RivuletError `not_found` */
  delete(id: string): Promise<LoggedModel>;
  /** Makes a deleted model visible again. @throws RivuletError `not_found` */
  restore(id: string): Promise<LoggedModel>;
}

/** Options of `loggedModels.create`. */
export interface CreateLoggedModelOptions extends ModelFacts {
  /** The run that made it. */
  readonly runId: string;
  /** For people to read; need not be unique. */
  readonly name: string;
  /** Whether its files are there. @default 'pending' */
  readonly status?: LoggedModelStatus;
}

/** What is known of a model when it is logged. */
export interface ModelFacts {
  /** Where its files are among the artifacts of its run: a folder, or one file. @default its name, with an ending when another model of the run has that */
  readonly artifactPath?: string;
  /** What made it, such as `tfjs` or `onnx`. */
  readonly modelType?: string;
  /** What it takes and gives. */
  readonly signature?: ModelSignature;
  /** What it was made with; written once. @default {} */
  readonly params?: Params;
  /** Free-form labels, up to 100. @default {} */
  readonly tags?: Tags;
}

/** Options of `run.logModel`. */
export interface LogModelOptions extends ModelFacts {
  /** Name of the registered model that gets it as its next version. @default it is not registered */
  readonly registerAs?: string;
  /** Aliases to point at that version. Needs `registerAs`. @default none */
  readonly aliases?: readonly string[];
}

/** Options of `loggedModels.search`. */
export interface LoggedModelSearch extends SearchQuery {
  /** Experiments to search. @default all */
  readonly experimentIds?: readonly string[];
  /** Whether active models, deleted ones or all are found. @default 'active' */
  readonly lifecycle?: LifecycleFilter;
  /**
   * Only metrics on these datasets count in `filter` and `orderBy`, up to 50; without a digest, of every content of that
   * name. @default all metrics
   */
  readonly datasets?: readonly MeasuredDataset[];
}

/** Changes to a logged model. Absent fields stay as they are. */
export interface LoggedModelUpdate {
  /** New name. */
  readonly name?: string;
  /** Whether its files are there. */
  readonly status?: LoggedModelStatus;
  /** Why its files could not be stored; goes with the status. */
  readonly statusMessage?: string;
  /** What it takes and gives. */
  readonly signature?: ModelSignature;
  /** Params to add, each written once. */
  readonly params?: Params;
  /** Tags to add or overwrite, up to 100. */
  readonly tags?: Tags;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
}
