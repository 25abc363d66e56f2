import type { Artifact } from "@rivulet/domain";
import type { ArtifactKey, Store } from "@rivulet/store";
import { noArtifact, notFound } from "../reference.ts";

/** An artifact, and what it is called within the folder that was asked for. */
export interface SelectedArtifact extends Artifact {
  /** A file's own name, or its path within the folder. */
  readonly name: string;
}

/**
 * A file, or all files in a folder, sorted by path.
 *
 * @param key its path is empty for all of the run
 * @throws RivuletError `not_found` when there is nothing
 */
export async function selectArtifacts(
  store: Store,
  key: ArtifactKey,
): Promise<readonly SelectedArtifact[]> {
  const { runId, path } = key;
  const prefix = path === "" ? "" : `${path}/`;
  const below = await store.artifacts.list({ runId, prefix });
  if (below.length > 0) {
    return below.map((artifact) => ({ ...artifact, name: artifact.path.slice(prefix.length) }));
  }
  if (path === "") {
    if ((await store.runs.get(runId)) === undefined) throw notFound("run", runId);
    return [];
  }
  const found = await store.artifacts.get(key);
  if (found === undefined) throw noArtifact(key);
  const { fileId: _, ...artifact } = found;
  return [{ ...artifact, name: path.slice(path.lastIndexOf("/") + 1) }];
}
