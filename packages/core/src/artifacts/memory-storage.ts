import { notFound } from "../reference.ts";
import type { ArtifactStorage } from "./artifacts.ts";

/** Bytes in memory, for stores that have no disk. */
export function createMemoryStorage(): ArtifactStorage {
  const files = new Map<string, Uint8Array>();
  return Object.freeze<ArtifactStorage>({
    write: async (fileId, content) => {
      files.set(fileId, Uint8Array.from(content));
    },
    read: async (fileId) => {
      const content = files.get(fileId);
      if (content === undefined) throw notFound("artifact file", fileId);
      return Uint8Array.from(content);
    },
    delete: async (fileId) => {
      files.delete(fileId);
    },
  });
}
