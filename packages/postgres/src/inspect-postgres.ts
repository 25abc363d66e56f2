import { readConnectionSettings } from "./connection-settings.ts";
import type { PostgresOptions } from "./options.ts";

/** What is known of a database before a store is opened in it. */
export interface PostgresReport {
  /** Where it is, without user and password. */
  readonly publicUrl: string;
  /** The server's version, such as `18.1`. */
  readonly serverVersion: string;
  /** The store's schema version; 0 when there is no store yet. */
  readonly schemaVersion: number;
  /** Milliseconds from a question to its answer, the middle one of five. */
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
  // A store does not need them in the app's thread.
  const { readReport } = await import("./read-report.ts");
  return readReport(settings);
}
