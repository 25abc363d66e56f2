import type {
  GateCheck,
  ModelChange,
  ModelFile,
  ModelGate,
  ModelLineage,
  ModelVersion,
  Page,
  PageQuery,
  RegisteredModel,
  SearchQuery,
  StringMap,
} from "@rivulet/domain";
import type { VersionKey } from "@rivulet/store";
import type { ByteRange } from "../artifacts/artifacts.ts";
import type { Act } from "../validation.ts";

/**
 * The model registry. A reference to a version is `iris@3`, `iris@production`, `iris` for the latest, or one of MLflow's:
 * `models:/iris/3`, `models:/iris@production`, `models:/iris/latest`, `models:/iris/Production` (a stage),
 * `models:/m-<id of a logged model>`, `runs:/<run id>/<path>`.
 */
export interface Models {
  /** Creates a model without versions. @throws RivuletError `already_exists`, `invalid_argument` */
  create(options: CreateModelOptions): Promise<RegisteredModel>;
  /**
   * Adds a version under the next number and pins its files; creates the model if it does not exist.
   *
   * @throws RivuletError `not_found` for the run or its artifact; `conflict` when an alias has a gate that is not met;
   * `invalid_argument`
   */
  register(options: RegisterModelOptions): Promise<ModelVersion>;
  /**
   * Copies a version to another model, under its next number: MLflow's promotion. The files are shared, not copied.
   *
   * @throws RivuletError `not_found`; `conflict` when an alias has a gate that is not met
   */
  copyVersion(options: CopyVersionOptions): Promise<ModelVersion>;
  /** The model. @throws RivuletError `not_found` */
  get(name: string): Promise<RegisteredModel>;
  /** The model; `undefined` when there is none of this name. */
  find(name: string): Promise<RegisteredModel | undefined>;
  /** Default order: by name. Besides fields and tags, `alias = 'production'` finds models with that alias. */
  search(query?: SearchQuery): Promise<Page<RegisteredModel>>;
  /** Changes description and tags. @throws RivuletError `not_found` */
  update(name: string, patch: ModelUpdate): Promise<RegisteredModel>;
  /**
   * Gives a model another name, which its versions, aliases, tags, gates and history follow.
   *
   * @throws RivuletError `not_found`; `already_exists`
   */
  rename(name: string, options: RenameModelOptions): Promise<RegisteredModel>;
  /** Deletes the model with all its versions and aliases. Its history stays. @throws RivuletError `not_found` */
  delete(name: string, act?: Act): Promise<void>;
  /** The version that a reference means. @throws RivuletError `not_found`; `invalid_argument` */
  getVersion(reference: string): Promise<ModelVersion>;
  /**
   * Versions of all models. Default order: newest first. They are found, and sorted, by their fields, `tags.…`,
   * `metrics.…`, `params.…`, and found by `alias`.
   */
  searchVersions(query?: SearchQuery): Promise<Page<ModelVersion>>;
  /** Changes description and tags of a version. @throws RivuletError `not_found` */
  updateVersion(update: ModelVersionUpdate): Promise<ModelVersion>;
  /** Deletes a version with its aliases and files; its number is not reused. @throws RivuletError `not_found` */
  deleteVersion(key: VersionKey & Act): Promise<void>;
  /**
   * Points an alias at a version, moving it if it exists.
   *
   * @throws RivuletError `not_found` for the version; `conflict` when `expected` does not match, or a gate is not met
   */
  setAlias(options: SetModelAlias): Promise<void>;
  /** Removes an alias; its version stays. @throws RivuletError `not_found`; `conflict` when `expected` does not match */
  deleteAlias(options: DeleteModelAlias): Promise<void>;
  /**
   * Points an alias at the version that it pointed at before, by its history. Gates do not keep it: that version was
   * there already.
   *
   * @throws RivuletError `not_found` for the alias; `conflict` when no version before is left
   */
  rollBack(options: ModelAliasKey & Act): Promise<ModelVersion>;
  /**
   * Moves a version to one of MLflow's stages: `None`, `Staging`, `Production`, `Archived`, in any case.
   *
   * @throws RivuletError `not_found`; `conflict` when a gate is not met
   */
  setStage(options: SetModelStage): Promise<ModelVersion>;
  /**
   * Replaces the gates of a model: what a version needs before an alias may point at it, or before it enters a stage.
   *
   * @throws RivuletError `not_found`; `invalid_argument` for a filter that cannot be read
   */
  setGates(name: string, gates: readonly ModelGate[], act?: Act): Promise<RegisteredModel>;
  /** Whether a version meets each of the gates of an alias or a stage. @throws RivuletError `not_found` */
  checkGates(reference: string, place: GatePlace): Promise<readonly GateCheck[]>;
  /** What happened to models: who changed what, when and why; newest first. */
  history(query?: ModelHistorySearch): Promise<Page<ModelChange>>;
  /**
   * Calls a listener after each change that this client makes. `rivulet.subscribe` tells of those of other processes,
   * webhooks of all.
   *
   * @returns a function that ends it
   */
  subscribe(listener: (change: ModelChange) => void): () => void;
  /**
   * Where a version comes from, and what used it: its run, related versions, and the traces whose metadata has
   * `modelVersion` (`iris@3`) or MLflow's `mlflow.modelId`, with their prompts.
   *
   * @throws RivuletError `not_found`
   */
  lineage(reference: string): Promise<ModelLineage>;
  /** The files of a version, by path. @throws RivuletError `not_found` */
  files(reference: string): Promise<readonly ModelFile[]>;
  /**
   * The bytes of a model that is a single file, or of the file at `path` below its root.
   *
   * @throws RivuletError `not_found`; `invalid_argument` for a folder without `path`, with its files
   */
  load(reference: string, options?: LoadModelOptions): Promise<Uint8Array>;
  /**
   * The same as a stream, of a range of the bytes. When all are read that are not those that were registered, the stream
   * fails with `store_corrupt` at its end.
   *
   * @throws RivuletError as `load`; `invalid_argument` for a range that begins behind the end
   */
  stream(reference: string, options?: StreamModelOptions): Promise<StreamedModelFile>;
  /** All files of a version as a ZIP archive, made as it is read. @throws RivuletError `not_found` */
  zip(reference: string): Promise<ReadableStream<Uint8Array>>;
  /**
   * Writes the files of a version into a folder, all of them or none.
   *
   * @throws RivuletError `not_found`; `already_exists` when there is anything at `to` other than an empty folder;
   * `store_corrupt` for bytes that are missing or have changed
   */
  download(reference: string, options: DownloadModelOptions): Promise<DownloadedModel>;
}

/** Options of `models.create`. */
export interface CreateModelOptions extends Act {
  /** Unique; up to 250 characters. */
  readonly name: string;
  /** Free text, up to 5,000 characters. @default '' */
  readonly description?: string;
  /** Free-form labels, up to 100. @default {} */
  readonly tags?: StringMap;
}

/** Gates may be overridden, for a reason. */
export interface Force extends Act {
  /** Overrides gates that are not met, which the history tells. Needs `why`. @default false */
  readonly force?: boolean;
}

/** Options of `models.register`. */
export interface RegisterModelOptions extends Force {
  /** Name of the model. */
  readonly name: string;
  /** The run that produced it; its latest metrics and its params are copied into the version. */
  readonly runId?: string;
  /** Path of the run's file or folder that is the model. Needs `runId`. */
  readonly artifactPath?: string;
  /** Id of the logged model that it is a version of; without `runId`, its files are the version's. */
  readonly modelId?: string;
  /**
   * Where the model comes from, such as a URI. `runs:/<run id>/<path>` stands for `runId` and `artifactPath`,
   * `models:/m-<id>` for `modelId`; that of a version is refused. Rivulet never opens others.
   */
  readonly source?: string;
  /** Description of the version, up to 5,000 characters. @default '' */
  readonly description?: string;
  /** Tags of the version, up to 100. @default {} */
  readonly tags?: StringMap;
  /** Aliases to point at the new version. @default none */
  readonly aliases?: readonly string[];
}

/** Options of `models.copyVersion`. */
export interface CopyVersionOptions extends Force {
  /** Reference to the version, such as `models:/staging-iris@champion`. */
  readonly from: string;
  /** Name of the model that gets it, made when it is not there. */
  readonly to: string;
  /** Aliases to point at the new version. @default none */
  readonly aliases?: readonly string[];
}

/** Options of `models.rename`. */
export interface RenameModelOptions extends Act {
  /** The new name; no other model has it. */
  readonly newName: string;
}

/** Identifies an alias. */
export interface ModelAliasKey {
  /** Name of the model. */
  readonly name: string;
  /** Name of the alias, such as `production`. */
  readonly alias: string;
}

/** Options of `models.setAlias`. */
export interface SetModelAlias extends VersionKey, Force {
  /** Name of the alias, such as `production`. */
  readonly alias: string;
  /** The version that the alias must point to now; `null` if it must not exist. @default no check */
  readonly expected?: number | null;
}

/** Options of `models.deleteAlias`. */
export interface DeleteModelAlias extends ModelAliasKey, Act {
  /** The version that the alias must point to now. @default no check */
  readonly expected?: number;
}

/** Options of `models.setStage`. */
export interface SetModelStage extends VersionKey, Force {
  /** `None`, `Staging`, `Production` or `Archived`, in any case. */
  readonly stage: string;
  /** Other versions of the model in this stage are archived. @default false */
  readonly archiveExisting?: boolean;
}

/** What a gate guards: an alias or a stage. */
export interface GatePlace {
  /** Name of the alias. */
  readonly alias?: string;
  /** `Staging`, `Production` or `Archived`, in any case. */
  readonly stage?: string;
}

/** Options of `models.history`. */
export interface ModelHistorySearch extends PageQuery {
  /** The model. @default all models */
  readonly name?: string;
  /** Only what concerns this alias. @default everything */
  readonly alias?: string;
}

/** Options of `models.load`. */
export interface LoadModelOptions {
  /** Path below the model's root. @default the only file */
  readonly path?: string;
}

/** Options of `models.stream`. */
export interface StreamModelOptions extends LoadModelOptions {
  /** The bytes that are wanted. @default all of them */
  readonly range?: ByteRange;
}

/** A file of a version with its bytes, or those of a range, on their way. */
export interface StreamedModelFile extends ModelFile {
  /** The bytes. */
  readonly content: ReadableStream<Uint8Array>;
  /** How many bytes will come. */
  readonly length: number;
}

/** Options of `models.download`. */
export interface DownloadModelOptions {
  /** Folder that gets the files; made with what is above it. */
  readonly to: string;
}

/** What `models.download` has written. */
export interface DownloadedModel {
  /** Absolute path of the folder. */
  readonly path: string;
  /** Number of files. */
  readonly files: number;
  /** Their size in bytes. */
  readonly bytes: number;
}

/** Changes to one version of a model. */
export interface ModelVersionUpdate extends VersionKey, ModelUpdate {}

/** Changes to a model or model version. Absent fields stay as they are. */
export interface ModelUpdate {
  /** New description, up to 5,000 characters. */
  readonly description?: string;
  /** Tags to add or overwrite. */
  readonly tags?: StringMap;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
}
