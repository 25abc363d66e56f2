import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { type Artifact, messageOf, RivuletError } from "@rivulet/domain";
import type { ArtifactFile, Artifacts } from "./artifacts.ts";
import { PART_BYTES } from "./store-content.ts";

/** Stores a file of this machine. See `Artifacts.putFile`. */
export async function putLocalFile(
  put: Artifacts["put"],
  { file, path = basename(file), ...artifact }: ArtifactFile,
): Promise<Artifact> {
  await using handle = await openFile(file);
  // Awaited, because the file is closed when this function returns.
  return await put({ ...artifact, path, content: bytesOf(handle) });
}

async function openFile(file: string): Promise<FileHandle> {
  const handle = await open(file, "r").catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new RivuletError(
    "invalid_argument",
    `artifact.file: ${file} is no file. Use logFolder or artifacts.putFolder for a folder.`,
    { details: { field: "artifact.file" } },
  );
}

function unreadable(file: string, cause: unknown): RivuletError {
  const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  const [code, why] = isMissing
    ? (["not_found", "there is no such file"] as const)
    : (["invalid_argument", messageOf(cause)] as const);
  const message = `artifact.file: ${file} cannot be read: ${why}`;
  return new RivuletError(code, message, { cause, details: { field: "artifact.file" } });
}

async function* bytesOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(PART_BYTES), 0, PART_BYTES);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
