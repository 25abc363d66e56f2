import type { ModelVersion, Page, RegisteredModel } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { NamedPatch, StoreQuery, VersionKey } from "./query.ts";

/** Registered models, their versions and aliases. */
export interface ModelStore {
  /** Adds a model without versions. @throws RivuletError `already_exists` */
  create(model: RegisteredModel): Promise<void>;
  /** One model; `undefined` when there is none of this name. */
  get(name: string): Promise<RegisteredModel | undefined>;
  /** Changes description and tags. @throws RivuletError `not_found` */
  update(patch: NamedPatch): Promise<RegisteredModel>;
  /** Deletes a model with all versions and aliases. @throws RivuletError `not_found` */
  delete(name: string): Promise<void>;
  /** Default order: by name. */
  search(query: StoreQuery): Promise<Page<RegisteredModel>>;
  /** Adds a version under the next number; creates the model if it does not exist. */
  addVersion(version: NewModelVersion): Promise<ModelVersion>;
  /** One version; `undefined` when it does not exist. */
  getVersion(key: VersionKey): Promise<ModelVersion | undefined>;
  /** The version that an alias points to; `undefined` without such an alias. */
  findVersionByAlias(key: {
    readonly name: string;
    readonly alias: string;
  }): Promise<ModelVersion | undefined>;
  /** Changes description and tags of a version. @throws RivuletError `not_found` */
  updateVersion(patch: ModelVersionPatch): Promise<ModelVersion>;
  /** Deletes a version with its aliases; its number is not reused. @throws RivuletError `not_found` */
  deleteVersion(key: VersionKey): Promise<void>;
  /** Default order: newest first. */
  searchVersions(query: StoreQuery): Promise<Page<ModelVersion>>;
  /**
   * Points an alias at a version, moving it if it exists.
   *
   * @throws RivuletError `not_found` for the version; `conflict` when `expected` does not match
   */
  setAlias(alias: ModelAliasWrite): Promise<void>;
  /** Removes an alias. @throws RivuletError `not_found` */
  deleteAlias(key: {
    readonly name: string;
    readonly alias: string;
    readonly updatedAt: number;
  }): Promise<void>;
}

/** A version whose number the store assigns. */
export type NewModelVersion = Omit<ModelVersion, "version" | "aliases"> & {
  /** Aliases to point at the new version, in the same transaction. */
  readonly setAliases?: readonly string[];
};

/** A change of one alias. */
export interface ModelAliasWrite extends VersionKey {
  /** Name of the alias. */
  readonly alias: string;
  /** The version that the alias must point to now; `null` if it must not exist. @default no check */
  readonly expected?: number | null;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Changes to a model version. Absent fields stay as they are. */
export type ModelVersionPatch = NamedPatch & VersionKey;

/** Access and change events of each operation. */
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
