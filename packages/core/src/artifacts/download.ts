import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import { checkArtifactPath, checkDiskPath } from "./artifact-path.ts";
import type { SelectedArtifact } from "./artifact-selection.ts";
import type { DownloadedArtifacts } from "./artifacts.ts";
import { streamArtifact } from "./read-artifact.ts";

/** Writes artifacts into a folder of this machine. See `Artifacts.download`. */
export async function downloadArtifacts(
  store: Store,
  artifacts: readonly SelectedArtifact[],
  to: string,
): Promise<DownloadedArtifacts> {
  const root = resolve(to);
  // A store that others have written is not believed.
  for (const { path } of artifacts) checkArtifactPath(path);
  for (const { name } of artifacts) checkDiskPath(name);
  const files: string[] = [];
  let bytes = 0;
  await naming(root, () => mkdir(root, { recursive: true }));
  for (const artifact of artifacts) {
    const file = join(root, ...artifact.name.split("/"));
    await makeFolderWithin(root, dirname(file));
    const { content } = await streamArtifact(store, artifact);
    await writeStream(file, content);
    files.push(file);
    bytes += artifact.size;
  }
  return { files, bytes };
}

/** A link in the folder may lead out of it. */
async function makeFolderWithin(root: string, folder: string): Promise<void> {
  const real = await naming(root, () => realpath(root));
  let within = real;
  for (const name of folder.slice(root.length).split(sep).filter(Boolean)) {
    const next = join(within, name);
    await mkdir(next).catch((cause: unknown) => {
      if (!isThere(cause)) throw unwritable(next, cause);
    });
    within = await naming(next, () => realpath(next));
    if (within.startsWith(real + sep)) continue;
    throw new RivuletError(
      "invalid_argument",
      `download.to: ${next} is a link out of ${root}, to ${within}. Nothing is written there.`,
      { details: { field: "download.to" } },
    );
  }
}

/** Whole or not at all; what is there is replaced, a link too. */
async function writeStream(file: string, content: ReadableStream<Uint8Array>): Promise<void> {
  // Not the file's own name and an ending, which may be longer than a name may be.
  const temporary = join(dirname(file), `rivulet-${randomBytes(6).toString("hex")}.tmp`);
  const handle = await naming(file, () => open(temporary, "wx"));
  try {
    await writeTo(handle, content, file);
    await naming(file, () => rename(temporary, file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeTo(
  handle: FileHandle,
  content: ReadableStream<Uint8Array>,
  file: string,
): Promise<void> {
  try {
    for await (const part of content) await naming(file, () => handle.writeFile(part));
  } finally {
    await handle.close();
  }
}

async function naming<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): RivuletError {
  const message = `${path} cannot be written: ${messageOf(cause)}`;
  return new RivuletError("store_unavailable", message, { cause, details: { path } });
}

function isThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
