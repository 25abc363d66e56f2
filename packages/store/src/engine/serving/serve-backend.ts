import { RivuletError } from "@rivulet/domain";
import type { OpenBackend, ServeOptions } from "./backend-request.ts";

/**
 * The program of a store's worker, in one call: opens the backend, answers the app's calls, brings the spool
 * into the database, polls for changes by others, watches over the owners of runs, and tidies while idle.
 *
 * ```ts
 * // postgres-worker.ts
 * serveBackend<PostgresSetup>(({ setup }) => openPostgresBackend(setup), { ownersLive: "heartbeat" });
 * ```
 */
export function serveBackend<Setup>(_open: OpenBackend<Setup>, _options: ServeOptions = {}): void {
  throw new RivuletError("internal", "serveBackend is not there yet.");
}
