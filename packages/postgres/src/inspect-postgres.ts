import { readConnectionSettings } from "./connection-settings.ts";
import type { PostgresOptions } from "./options.ts";

/** What can be known about a database before a store is opened in it. */
export interface PostgresReport {
  /** Its place, without user and password. */
  readonly publicUrl: string;
  /** Version of the server, such as `18.1`. */
  readonly serverVersion: string;
  /** Schema version of the store; 0 when there is none yet. */
  readonly schemaVersion: number;
  /** Round-trip time in milliseconds, the median of five. */
  readonly latencyMs: number;
}

/**
 * Looks at a database without changing anything in it.
 *
 * @throws RivuletError `invalid_argument`, `store_unavailable`, `permission_denied`, `store_corrupt`, `store_too_new`
 */
export async function inspectPostgres(
  url: string,
  options: PostgresOptions = {},
): Promise<PostgresReport> {
  const settings = readConnectionSettings(url, options);
  // Imported lazily, because the app's thread does not need them for a store.
  const { readReport } = await import("./read-report.ts");
  return readReport(settings);
}
