import type { Artifact } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import { type Operations, read, write } from "./operation.ts";

/** Which artifacts runs have. Their bytes are among the store's files. */
export interface ArtifactIndex {
  /**
   * Adds or replaces; `fileId` names the bytes among the store's files. Returns the `fileId` that it had before.
   * `not_found` when the run is not there; `conflict` when the file is not there, or not any more.
   */
  put(artifact: Artifact & { readonly fileId: string }): Promise<string | undefined>;
  get(key: ArtifactKey): Promise<(Artifact & { readonly fileId: string }) | undefined>;
  /** By path. */
  list(query: { readonly runId: string; readonly prefix?: string }): Promise<readonly Artifact[]>;
}

/** One artifact. */
export interface ArtifactKey {
  readonly runId: string;
  readonly path: string;
}

/** What each of them does, as facts. */
export const artifactOperations: Operations<ArtifactIndex> = {
  put: write(PARTS.artifact),
  get: read,
  list: read,
};
