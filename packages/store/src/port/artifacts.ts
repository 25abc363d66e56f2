import type { Artifact } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import { type Operations, read, write } from "./operation.ts";

/** The artifacts of runs: records only. Their bytes are in {@link FileStore}. */
export interface ArtifactIndex {
  /**
   * Adds or replaces an artifact; `fileId` names its bytes in the store's files.
   *
   * @returns the `fileId` it had before
   * @throws RivuletError `not_found` when the run does not exist; `conflict` when the file does not exist (any more)
   */
  put(artifact: Artifact & { readonly fileId: string }): Promise<string | undefined>;
  /** The record of one artifact; `undefined` when there is none at this path. */
  get(key: ArtifactKey): Promise<(Artifact & { readonly fileId: string }) | undefined>;
  /** The artifacts of a run whose path starts with `prefix`, sorted by path. */
  list(query: { readonly runId: string; readonly prefix?: string }): Promise<readonly Artifact[]>;
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
  get: read,
  list: read,
};
