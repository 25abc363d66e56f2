import { RivuletError, toRivuletError } from "@rivulet/domain";
import pLimit from "p-limit";
import { callBackend, findOperation } from "../store-methods.ts";
import type { BackendService, ServiceParts } from "./backend-service.ts";
import { createChangePoll } from "./change-poll.ts";

/** Answers calls and polls for changes by others. It accepts no records: a read-only store has no journal. */
export function createReaderService({ backend, data, events }: ServiceParts): BackendService {
  const { changed } = events;
  const poll = createChangePoll({ changes: backend.changes, owner: data.owner, changed });
  const searches = pLimit(backend.searchesAtOnce ?? Number.POSITIVE_INFINITY);
  const answer = (method: string, argument: unknown): Promise<unknown> => {
    const operation = findOperation(method);
    const isSearch = operation?.access === "read" && operation.lane === "search";
    const work = (): Promise<unknown> => callBackend(backend, method, argument);
    return isSearch ? searches(work) : work();
  };
  return {
    async call(method, argument) {
      try {
        return await answer(method, argument);
      } catch (error) {
        throw toRivuletError(error);
      }
    },
    takeLines: async () => {
      throw new RivuletError("internal", "A reader does not accept records.");
    },
    takeAttachment: async () => {
      throw new RivuletError("internal", "A reader does not accept files.");
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
