import type { Store } from "@rivulet/store";
import type { SelectedArtifact } from "./artifact-selection.ts";
import { streamArtifact } from "./read-artifact.ts";

/** A file of an archive. */
export interface ZipEntry {
  /** Path in the archive. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Size in bytes. */
  readonly size: number;
  /** Its bytes. */
  readonly content: ReadableStream<Uint8Array>;
}

/** A ZIP archive of artifacts, in which each file is read when the archive has come to it. */
export function zipArtifacts(
  store: Store,
  artifacts: readonly SelectedArtifact[],
): Promise<ReadableStream<Uint8Array>> {
  return zipOf(entries(store, artifacts));
}

/** A ZIP archive of files as they come. */
export async function zipOf(files: AsyncIterable<ZipEntry>): Promise<ReadableStream<Uint8Array>> {
  // Few apps make archives.
  const { makeZip } = await import("client-zip");
  return makeZip(asInputs(files));
}

async function* asInputs(files: AsyncIterable<ZipEntry>) {
  for await (const { name, createdAt, content, size } of files) {
    yield { name, lastModified: new Date(createdAt), input: content, size };
  }
}

async function* entries(
  store: Store,
  artifacts: readonly SelectedArtifact[],
): AsyncGenerator<ZipEntry> {
  for (const artifact of artifacts) {
    const { content, size } = await streamArtifact(store, artifact);
    yield { name: artifact.name, createdAt: artifact.createdAt, content, size };
  }
}
