import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { notFound } from "../reference.ts";
import type { ArtifactStorage } from "./artifacts.ts";

/** Bytes as files below `folder`, readable by this user alone. */
export function createFileStorage(folder: string): ArtifactStorage {
  return Object.freeze<ArtifactStorage>({
    write: async (fileId, content) => {
      const file = fileOf(folder, fileId);
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await writeWhole(file, content);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new RivuletError("store_unavailable", `The artifact cannot be written: ${reason}`, {
          cause,
        });
      }
    },
    read: async (fileId) => {
      try {
        return await readFile(fileOf(folder, fileId));
      } catch (cause) {
        if (isMissing(cause)) throw notFound("artifact file", fileId);
        throw new RivuletError("store_unavailable", `The artifact ${fileId} cannot be read.`, {
          cause,
        });
      }
    },
    delete: (fileId) => rm(fileOf(folder, fileId), { force: true }),
  });
}

/** Ids begin with the time, so the folders come from their random end. */
function fileOf(folder: string, fileId: string): string {
  if (!/^[0-9a-z_-]{4,64}$/i.test(fileId)) throw notFound("artifact file", fileId);
  return join(folder, fileId.slice(-2), fileId.slice(-4, -2), fileId);
}

/** A reader, or a crash, sees all of it or nothing. */
async function writeWhole(file: string, content: Uint8Array): Promise<void> {
  const temporary = `${file}.tmp`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
