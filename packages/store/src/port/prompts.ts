import type { Page, PromptArm, PromptEntry, PromptVersion } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { NamedPatch, StoreQuery, VersionKey } from "./query.ts";

/** Prompts, their versions and aliases. */
export interface PromptStore {
  /**
   * Gives the next number and creates the prompt when it is not there. When the latest version has the
   * same content hash, that one is returned instead.
   */
  addVersion(version: NewPromptVersion): Promise<PromptVersion>;
  get(name: string): Promise<PromptEntry | undefined>;
  update(patch: NamedPatch): Promise<PromptEntry>;
  delete(name: string): Promise<void>;
  /** Default order: by name. */
  search(query: StoreQuery): Promise<Page<PromptEntry>>;
  getVersion(key: VersionKey): Promise<PromptVersion | undefined>;
  /** Newest first. */
  listVersions(query: {
    readonly name: string;
    readonly limit: number;
    readonly pageToken?: string;
  }): Promise<Page<PromptVersion>>;
  /** `not_found` for a version; `conflict` when `expected` is given and the alias points elsewhere. */
  setAlias(alias: PromptAliasWrite): Promise<void>;
  deleteAlias(key: {
    readonly name: string;
    readonly alias: string;
    readonly updatedAt: number;
  }): Promise<void>;
}

/** A version that gets its number from the store. */
export type NewPromptVersion = Omit<PromptVersion, "version" | "aliases"> & {
  /** Description of the prompt, when it is created by this. */
  readonly description?: string;
  /** Aliases to point at the new version, in the same transaction. */
  readonly setAliases?: readonly string[];
};

/** Where an alias is to point. */
export interface PromptAliasWrite {
  readonly name: string;
  readonly alias: string;
  readonly arms: readonly PromptArm[];
  /** The arms the caller has seen; `null` for "no such alias". Left out: no check. */
  readonly expected?: readonly PromptArm[] | null;
  readonly updatedAt: number;
}

/** What each of them does, as facts. */
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
