import type { Artifact, ArtifactEntry, Page } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import { type Operations, read, write } from "./operation.ts";

/** The artifacts of runs: records only. Their bytes are in {@link FileStore}. */
export interface ArtifactIndex {
  /**
   * Adds or replaces an artifact; `fileId` names its bytes in the store's files.
   *
   * @returns the `fileId` it had before
   * @throws RivuletError `not_found` when the run does not exist; `conflict` when the run is deleted, when the file does
   * not exist (any more), when a folder is where a file would be or the other way round, and when `replaces` is not what
   * is there
   */
  put(artifact: ArtifactToPut): Promise<string | undefined>;
  /**
   * Removes the artifact at this path and those in the folder of this path.
   *
   * @returns how many, and the `fileId`s they had
   * @throws RivuletError `not_found` when the run does not exist; `conflict` when it is deleted
   */
  delete(key: ArtifactKey): Promise<DeletedArtifacts>;
  /** The record of one artifact; `undefined` when there is none at this path. */
  get(key: ArtifactKey): Promise<(Artifact & { readonly fileId: string }) | undefined>;
  /** The artifacts of a run whose path starts with `prefix`, sorted by path. */
  list(query: { readonly runId: string; readonly prefix?: string }): Promise<readonly Artifact[]>;
  /** What is in a folder of a run, files and folders, by name. */
  listFolder(query: ArtifactFolderQuery): Promise<Page<ArtifactEntry>>;
}

/** A record to add, or to replace. */
export type ArtifactToPut = Artifact & {
  /** Names the bytes in the store's files. */
  readonly fileId: string;
  /** The `fileId` that must be there; `null` when there must be none. @default any */
  readonly replaces?: string | null;
};

/** What was removed. */
export interface DeletedArtifacts {
  /** How many artifacts. */
  readonly count: number;
  /** Ids of their files, each once. */
  readonly fileIds: readonly string[];
}

/** Which folder is listed. */
export interface ArtifactFolderQuery {
  /** The run that has the artifacts. */
  readonly runId: string;
  /** Path of the folder; empty for all of the run. */
  readonly path: string;
  /** Entries per page. */
  readonly limit: number;
  /** `nextPageToken` of the page before. */
  readonly pageToken?: string;
}

/** Identifies an artifact. */
export interface ArtifactKey {
  /** The run that has the artifact. */
  readonly runId: string;
  /** The artifact's label, such as `model/weights.json`. */
  readonly path: string;
}

/** Access and change events of each operation. */
export const artifactOperations: Operations<ArtifactIndex> = {
  put: write(PARTS.artifact),
  delete: write(PARTS.artifact),
  get: read,
  list: read,
  listFolder: read,
};
