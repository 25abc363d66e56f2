import type { Store } from "@rivulet/store";
import type { SelectedArtifact } from "./artifact-selection.ts";
import { streamArtifact } from "./read-artifact.ts";

/** A ZIP archive of artifacts, in which each file is read when the archive has come to it. */
export async function zipArtifacts(
  store: Store,
  artifacts: readonly SelectedArtifact[],
): Promise<ReadableStream<Uint8Array>> {
  // Few apps make archives.
  const { makeZip } = await import("client-zip");
  return makeZip(entries(store, artifacts));
}

async function* entries(store: Store, artifacts: readonly SelectedArtifact[]) {
  for (const artifact of artifacts) {
    const { content, size } = await streamArtifact(store, artifact);
    yield { name: artifact.name, lastModified: new Date(artifact.createdAt), input: content, size };
  }
}
