import type { ModelVersion, Page, RegisteredModel } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { NamedPatch, StoreQuery, VersionKey } from "./query.ts";

/** Registered models, their versions and aliases. */
export interface ModelStore {
  create(model: RegisteredModel): Promise<void>;
  get(name: string): Promise<RegisteredModel | undefined>;
  update(patch: NamedPatch): Promise<RegisteredModel>;
  /** With all versions and aliases. `not_found`. */
  delete(name: string): Promise<void>;
  search(query: StoreQuery): Promise<Page<RegisteredModel>>;
  /** Gives the next number; creates the model when it is not there. */
  addVersion(version: NewModelVersion): Promise<ModelVersion>;
  getVersion(key: VersionKey): Promise<ModelVersion | undefined>;
  findVersionByAlias(key: {
    readonly name: string;
    readonly alias: string;
  }): Promise<ModelVersion | undefined>;
  updateVersion(patch: ModelVersionPatch): Promise<ModelVersion>;
  deleteVersion(key: VersionKey): Promise<void>;
  /** Default order: newest first. */
  searchVersions(query: StoreQuery): Promise<Page<ModelVersion>>;
  setAlias(
    alias: VersionKey & { readonly alias: string; readonly updatedAt: number },
  ): Promise<void>;
  deleteAlias(key: {
    readonly name: string;
    readonly alias: string;
    readonly updatedAt: number;
  }): Promise<void>;
}

/** A version that gets its number from the store. */
export type NewModelVersion = Omit<ModelVersion, "version" | "aliases"> & {
  /** Aliases to point at the new version, in the same transaction. */
  readonly setAliases?: readonly string[];
};

/** What changes in a version of a model. What is left out stays. */
export type ModelVersionPatch = NamedPatch & VersionKey;

/** What each of them does, as facts. */
export const modelOperations: Operations<ModelStore> = {
  create: write(ENTITIES.model),
  get: read,
  update: write(ENTITIES.model),
  delete: write(ENTITIES.model),
  search: search,
  addVersion: write(ENTITIES.modelVersion),
  getVersion: read,
  findVersionByAlias: read,
  updateVersion: write(ENTITIES.modelVersion),
  deleteVersion: write(ENTITIES.modelVersion),
  searchVersions: search,
  setAlias: write(ENTITIES.modelVersion),
  deleteAlias: write(ENTITIES.model),
};
