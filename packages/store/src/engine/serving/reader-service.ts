import { RivuletError, toRivuletError } from "@rivulet/domain";
import { callBackend } from "../store-methods.ts";
import type { BackendService, ServiceParts } from "./backend-service.ts";
import { createChangePoll } from "./change-poll.ts";

/** Answers calls, and looks for what others change. It takes nothing: a store for reading has no journal. */
export function createReaderService({ backend, data, events }: ServiceParts): BackendService {
  const { changed } = events;
  const poll = createChangePoll({ changes: backend.changes, owner: data.owner, changed });
  return {
    async call(method, argument) {
      try {
        return await callBackend(backend, method, argument);
      } catch (error) {
        throw toRivuletError(error);
      }
    },
    takeLines: async () => {
      throw new RivuletError("internal", "A reader takes no records.");
    },
    drain: async () => undefined,
    watch: async (isWanted) => poll.watch(isWanted),
    checkIntegrity: () => backend.checkIntegrity(),
    backup: (folder) => backend.backup(folder),
    async close() {
      poll.stop();
      await backend.close();
    },
  };
}
