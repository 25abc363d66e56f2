import { parentPort, workerData } from "node:worker_threads";
import { RivuletError } from "@rivulet/domain";
import { connectCalls } from "../calls/connect-calls.ts";
import { sendError } from "../calls/sent-error.ts";
import type { HostFunctions, WorkerFunctions } from "../calls/worker-functions.ts";
import type { OpenBackend, ServeOptions } from "./backend-request.ts";
import type { BackendService } from "./backend-service.ts";
import { openService } from "./open-service.ts";
import type { ServiceData } from "./service-data.ts";

/**
 * The program of a store's worker, in one call: opens the backend, answers the app's calls, writes the spool to the
 * database, polls for changes by others, cleans up after owners that are gone, and does housekeeping while idle.
 *
 * ```ts
 * // postgres-worker.ts
 * serveBackend<PostgresSetup>(({ setup }) => openPostgresBackend(setup), { ownersLive: "heartbeat" });
 * ```
 *
 * @throws RivuletError `internal` outside a worker
 */
export function serveBackend<Setup>(open: OpenBackend<Setup>, options: ServeOptions = {}): void {
  if (parentPort === null)
    throw new RivuletError("internal", "serveBackend must be called in a worker thread.");
  const service = Promise.withResolvers<BackendService>();
  const host = connectCalls<HostFunctions, WorkerFunctions>(
    parentPort,
    workerFunctions(service.promise),
  );
  const opening = openService({
    open,
    options,
    data: workerData as ServiceData,
    storage: (method, given) => host.storage(method, given),
    events: {
      changed: (changes) => void host.changed.asEvent(changes),
      failed: (error) => void host.failed.asEvent(sendError(error)),
    },
  });
  opening.then(service.resolve, service.reject);
}

function workerFunctions(service: Promise<BackendService>): WorkerFunctions {
  // The caller of `open` gets the error.
  service.catch(() => undefined);
  return {
    open: async () => void (await service),
    call: async (method, argument) => (await service).call(method, argument),
    takeLines: async (lines) => (await service).takeLines(lines),
    takeAttachment: async (file) => (await service).takeAttachment(file),
    drain: async () => (await service).drain(),
    watch: async (isWanted) => (await service).watch(isWanted),
    checkIntegrity: async () => (await service).checkIntegrity(),
    backup: async (folder) => (await service).backup(folder),
    close: async () => (await service).close(),
  };
}
