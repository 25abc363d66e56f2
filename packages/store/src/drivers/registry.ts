import type { Backup } from "../backup/read-backup.ts";
import type { Migrated, Migration, MigrationSource } from "../migration/migration.ts";
import type { OpenStoreOptions } from "../port/open-store-options.ts";
import type { Store } from "../port/store.ts";

/** Opens and restores stores of one kind. */
export interface Driver {
  /** The URL schemes it handles, such as `sqlite`. */
  readonly schemes: readonly string[];
  /**
   * Opens the store of a URL. Calls `options.onJournal` before it returns.
   *
   * @throws RivuletError `invalid_argument` for a URL it does not handle, and whatever opening the store throws
   */
  readonly open: (url: string, options: OpenStoreOptions) => Promise<Store>;
  /**
   * Restores a backup into the store of a URL, atomically. `restoreInTransaction` does this for a database.
   *
   * @throws RivuletError `invalid_argument` for a URL it does not handle; `already_exists` when the store is not empty;
   * `store_corrupt` when the backup is damaged; `store_locked` when the store is open elsewhere
   */
  readonly restore: (url: string, backup: Backup, options: RestoreTargetOptions) => Promise<void>;
  /**
   * Opens the store of a URL to be migrated, of any version, without changing it.
   *
   * @default its stores cannot be migrated elsewhere
   */
  readonly source?: (
    url: string,
    options: Pick<OpenStoreOptions, "artifacts">,
  ) => Promise<MigrationSource>;
  /**
   * Brings a migration into the store of a URL, or goes on with one. `fillDatabase` does this for a database.
   *
   * @default nothing can be migrated into its stores
   */
  readonly migrate?: (
    url: string,
    migration: Migration,
    options: RestoreTargetOptions,
  ) => Promise<Migrated>;
}

/** Options of the store that a backup is restored into. */
export interface RestoreTargetOptions {
  /** Permissions of new files; new folders get the matching `x`. @default 0o600 */
  readonly fileMode?: number;
  /** Where its files go: `s3://BUCKET/PREFIX`, see `openStore`. @default beside the store, or in its database */
  readonly artifacts?: string;
}

/**
 * Makes a driver known to `openStore`, in every copy of this package in the process. The last driver registered for a
 * scheme wins. A driver's package calls this when it is imported.
 */
export function registerDriver(driver: Driver): void {
  const drivers = registeredDrivers();
  for (const scheme of driver.schemes) drivers.set(scheme, driver);
}

/** The driver of a scheme; `undefined` when none is registered. */
export function findDriver(scheme: string): Driver | undefined {
  return registeredDrivers().get(scheme);
}

const DRIVERS = Symbol.for("@rivulet/store/drivers");

function registeredDrivers(): Map<string, Driver> {
  const holder = globalThis as { [DRIVERS]?: Map<string, Driver> };
  holder[DRIVERS] ??= new Map();
  return holder[DRIVERS];
}
