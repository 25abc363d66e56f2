import type { ModelVersion, Page, RegisteredModel, SearchQuery, StringMap } from "@rivulet/domain";
import type { VersionKey } from "@rivulet/store";

/** The model registry. */
export interface Models {
  /** Creates a model without versions. @throws RivuletError `already_exists`, `invalid_argument` */
  create(options: CreateModelOptions): Promise<RegisteredModel>;
  /**
   * Adds a version under the next number; creates the model if it does not exist.
   *
   * @throws RivuletError `not_found` for the run or its artifact; `invalid_argument`
   */
  register(options: RegisterModelOptions): Promise<ModelVersion>;
  /** The model. @throws RivuletError `not_found` */
  get(name: string): Promise<RegisteredModel>;
  /** The model; `undefined` when there is none of this name. */
  find(name: string): Promise<RegisteredModel | undefined>;
  /** Default order: by name. */
  search(query?: SearchQuery): Promise<Page<RegisteredModel>>;
  /** Changes description and tags. @throws RivuletError `not_found` */
  update(name: string, patch: ModelUpdate): Promise<RegisteredModel>;
  /** Deletes the model with all its versions and aliases. @throws RivuletError `not_found` */
  delete(name: string): Promise<void>;
  /** A version: `'iris@production'`, `'iris@3'`, or `'iris'` for the latest. @throws RivuletError `not_found` */
  getVersion(reference: string): Promise<ModelVersion>;
  /** Versions of all models. Default order: newest first. */
  searchVersions(query?: SearchQuery): Promise<Page<ModelVersion>>;
  /** Changes description and tags of a version. @throws RivuletError `not_found` */
  updateVersion(update: ModelVersionUpdate): Promise<ModelVersion>;
  /** Deletes a version with its aliases; its number is not reused. @throws RivuletError `not_found` */
  deleteVersion(key: VersionKey): Promise<void>;
  /**
   * Points an alias at a version, moving it if it exists.
   *
   * @throws RivuletError `not_found` for the version; `conflict` when `expected` does not match
   */
  setAlias(options: SetModelAlias): Promise<void>;
  /** Removes an alias; its version stays. @throws RivuletError `not_found` */
  deleteAlias(options: { readonly name: string; readonly alias: string }): Promise<void>;
  /** The bytes of a version's artifact. @throws RivuletError `not_found` when the version or its artifact does not exist */
  load(reference: string): Promise<Uint8Array>;
}

/** Options of `models.create`. */
export interface CreateModelOptions {
  /** Unique; up to 250 characters. */
  readonly name: string;
  /** Free text, up to 5,000 characters. @default '' */
  readonly description?: string;
  /** Free-form labels, up to 100. @default {} */
  readonly tags?: StringMap;
}

/** Options of `models.register`. */
export interface RegisterModelOptions {
  /** Name of the model. */
  readonly name: string;
  /** The run that produced it; its latest metrics are copied into the version. */
  readonly runId?: string;
  /** Path of the run's artifact that holds the model. Needs `runId`. */
  readonly artifactPath?: string;
  /** Where the model comes from, such as a URI. For information only: Rivulet never opens it. */
  readonly source?: string;
  /** Description of the version, up to 5,000 characters. @default '' */
  readonly description?: string;
  /** Tags of the version, up to 100. @default {} */
  readonly tags?: StringMap;
  /** Aliases to point at the new version. @default none */
  readonly aliases?: readonly string[];
}

/** Options of `models.setAlias`. */
export interface SetModelAlias extends VersionKey {
  /** Name of the alias, such as `production`. */
  readonly alias: string;
  /** The version that the alias must point to now; `null` if it must not exist. @default no check */
  readonly expected?: number | null;
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
