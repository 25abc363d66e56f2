import type { ModelVersion, Page, RegisteredModel, SearchQuery, StringMap } from "@rivulet/domain";
import type { VersionKey } from "@rivulet/store";

/** The model registry. */
export interface Models {
  create(options: CreateModelOptions): Promise<RegisteredModel>;
  /** Adds the next version; makes the model when it is not there. The metrics of its run are kept with it. */
  register(options: RegisterModelOptions): Promise<ModelVersion>;
  /** @throws `not_found` */
  get(name: string): Promise<RegisteredModel>;
  find(name: string): Promise<RegisteredModel | undefined>;
  search(query?: SearchQuery): Promise<Page<RegisteredModel>>;
  update(name: string, patch: ModelUpdate): Promise<RegisteredModel>;
  /** Removes the model with all its versions. */
  delete(name: string): Promise<void>;
  /** `'iris@production'`, `'iris@3'`, `'iris'` for the latest. @throws `not_found` */
  getVersion(reference: string): Promise<ModelVersion>;
  searchVersions(query?: SearchQuery): Promise<Page<ModelVersion>>;
  updateVersion(key: VersionKey, patch: ModelUpdate): Promise<ModelVersion>;
  deleteVersion(key: VersionKey): Promise<void>;
  setAlias(options: VersionKey & { readonly alias: string }): Promise<void>;
  deleteAlias(options: { readonly name: string; readonly alias: string }): Promise<void>;
  /** The bytes of the version's artifact. @throws `not_found` */
  load(reference: string): Promise<Uint8Array>;
}

/** Options of `models.create`. */
export interface CreateModelOptions {
  readonly name: string;
  readonly description?: string;
  readonly tags?: StringMap;
}

/** Options of `models.register`, which adds a version; the model is made when it is not there. */
export interface RegisterModelOptions {
  readonly name: string;
  readonly runId?: string;
  readonly artifactPath?: string;
  readonly source?: string;
  readonly description?: string;
  readonly tags?: StringMap;
  /** Aliases to point at the new version. */
  readonly aliases?: readonly string[];
}

/** What changes in a version of a model. What is left out stays. */
export interface ModelUpdate {
  readonly description?: string;
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}
