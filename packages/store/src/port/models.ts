import type { ModelVersion, Page, RegisteredModel } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, write } from "./operation.ts";
import type { StoreQuery, TagPatch } from "./query.ts";

/** Registered models, their versions and aliases. */
export interface ModelStore {
  create(model: RegisteredModel): Promise<void>;
  get(name: string): Promise<RegisteredModel | undefined>;
  update(patch: ModelPatch): Promise<RegisteredModel>;
  /** With all versions and aliases. `not_found`. */
  delete(name: string): Promise<void>;
  search(query: StoreQuery): Promise<Page<RegisteredModel>>;
  /** Gives the next number; creates the model when it is not there. */
  addVersion(version: NewModelVersion): Promise<ModelVersion>;
  getVersion(key: ModelVersionKey): Promise<ModelVersion | undefined>;
  findVersionByAlias(key: {
    readonly name: string;
    readonly alias: string;
  }): Promise<ModelVersion | undefined>;
  updateVersion(patch: ModelVersionPatch): Promise<ModelVersion>;
  deleteVersion(key: ModelVersionKey): Promise<void>;
  /** Default order: newest first. */
  searchVersions(query: StoreQuery): Promise<Page<ModelVersion>>;
  setAlias(
    alias: ModelVersionKey & { readonly alias: string; readonly updatedAt: number },
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

/** One version of a model, or of a prompt. */
export interface ModelVersionKey {
  readonly name: string;
  readonly version: number;
}

/** What changes in a model, prompt or dataset. What is left out stays. */
export interface ModelPatch extends TagPatch {
  readonly name: string;
  readonly description?: string;
  readonly updatedAt: number;
}

/** What changes in a version of a model. What is left out stays. */
export interface ModelVersionPatch extends ModelPatch {
  readonly version: number;
}

/** What each of them does, as facts. */
export const modelOperations: Operations<ModelStore> = {
  create: write(ENTITIES.model),
  get: read,
  update: write(ENTITIES.model),
  delete: write(ENTITIES.model),
  search: read,
  addVersion: write(ENTITIES.modelVersion),
  getVersion: read,
  findVersionByAlias: read,
  updateVersion: write(ENTITIES.modelVersion),
  deleteVersion: write(ENTITIES.modelVersion),
  searchVersions: read,
  setAlias: write(ENTITIES.modelVersion),
  deleteAlias: write(ENTITIES.model),
};
