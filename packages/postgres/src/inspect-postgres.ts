import { readConnectionSettings } from "./connection-settings.ts";
import type { PostgresOptions } from "./options.ts";
import { tellWait } from "./tell-wait.ts";

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

/** Options of {@link inspectPostgres}. */
export interface InspectPostgresOptions extends PostgresOptions {
  /** Told once when the database has not answered for five seconds. @default nobody is told */
  readonly onWait?: (error: Error) => void;
}

/**
 * Looks at a database without changing anything in it.
 *
 * @throws RivuletError `invalid_argument`, `store_unavailable`, `permission_denied`, `store_corrupt`, `store_too_new`
 */
export async function inspectPostgres(
  url: string,
  { onWait, ...options }: InspectPostgresOptions = {},
): Promise<PostgresReport> {
  const settings = readConnectionSettings(url, options);
  return tellWait({ settings, report: onWait }, async () => {
    // Imported lazily, because the app's thread does not need them for a store.
    const { readReport } = await import("./read-report.ts");
    return readReport(settings);
  });
}
