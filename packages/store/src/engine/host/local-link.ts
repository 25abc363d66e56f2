import type { BackendService } from "../serving/backend-service.ts";
import type { BackendLink } from "./backend-link.ts";

/** Connection to a database in this thread. */
export function linkToService(opening: Promise<BackendService>): BackendLink {
  opening.catch(() => undefined);
  return {
    opened: opening.then(() => undefined),
    // Copied, so that later changes by the caller have no effect, as with a worker.
    async call({ method, argument }) {
      const copy = structuredClone(argument);
      return (await opening).call(method, copy);
    },
    takeLines: async (lines) => (await opening).takeLines(lines),
    takeAttachment: async (file) => (await opening).takeAttachment(file),
    drain: async () => (await opening).drain(),
    deaths: () => 0,
    watch: (isWanted) =>
      void opening.then(
        (service) => service.watch(isWanted),
        () => undefined,
      ),
    checkIntegrity: async () => (await opening).checkIntegrity(),
    backup: async (folder) => (await opening).backup(folder),
    close: async () => (await opening.catch(() => undefined))?.close(),
  };
}
