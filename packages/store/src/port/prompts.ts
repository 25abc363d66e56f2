import type { Page, PromptArm, PromptEntry, PromptVersion } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { NamedPatch, StoreQuery, VersionKey } from "./query.ts";

/** Prompts, their versions and aliases. */
export interface PromptStore {
  /**
   * Adds a version under the next number; creates the prompt if it does not exist. If the latest version has the same
   * content hash, that one is returned instead.
   */
  addVersion(version: NewPromptVersion): Promise<PromptVersion>;
  /** One prompt; `undefined` when there is none of this name. */
  get(name: string): Promise<PromptEntry | undefined>;
  /** Changes description and tags. @throws RivuletError `not_found` */
  update(patch: NamedPatch): Promise<PromptEntry>;
  /** Deletes a prompt with all versions and aliases. @throws RivuletError `not_found` */
  delete(name: string): Promise<void>;
  /** Default order: by name. */
  search(query: StoreQuery): Promise<Page<PromptEntry>>;
  /** One version; `undefined` when it does not exist. */
  getVersion(key: VersionKey): Promise<PromptVersion | undefined>;
  /** The versions of one prompt, newest first; empty for an unknown prompt. */
  listVersions(query: {
    readonly name: string;
    readonly limit: number;
    readonly pageToken?: string;
  }): Promise<Page<PromptVersion>>;
  /**
   * Creates or moves an alias.
   *
   * @throws RivuletError `not_found` for a version; `conflict` when `expected` is given and the alias points elsewhere
   */
  setAlias(alias: PromptAliasWrite): Promise<void>;
  /** Removes an alias. @throws RivuletError `not_found` */
  deleteAlias(key: {
    readonly name: string;
    readonly alias: string;
    readonly updatedAt: number;
  }): Promise<void>;
}

/** A version whose number the store assigns. */
export type NewPromptVersion = Omit<PromptVersion, "version" | "aliases"> & {
  /** Description of the prompt, used if this creates it. */
  readonly description?: string;
  /** Aliases to point at the new version, in the same transaction. */
  readonly setAliases?: readonly string[];
};

/** A new target of an alias. */
export interface PromptAliasWrite {
  /** Name of the prompt. */
  readonly name: string;
  /** Name of the alias. */
  readonly alias: string;
  /** One arm for a plain alias, several for a split. */
  readonly arms: readonly PromptArm[];
  /** The arms the caller last saw; `null` for "no such alias". @default no check */
  readonly expected?: readonly PromptArm[] | null;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Access and change events of each operation. */
export const promptOperations: Operations<PromptStore> = {
  addVersion: write(ENTITIES.promptVersion),
  get: read,
  update: write(ENTITIES.prompt),
  delete: write(ENTITIES.prompt),
  search: search,
  getVersion: read,
  listVersions: read,
  setAlias: write(ENTITIES.prompt),
  deleteAlias: write(ENTITIES.prompt),
};
