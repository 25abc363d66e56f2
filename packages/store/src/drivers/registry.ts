import type { Backup } from "../backup/read-backup.ts";
import type { OpenStoreOptions } from "../port/open-store-options.ts";
import type { Store } from "../port/store.ts";

/** A kind of store. */
export interface Driver {
  /** What stands before the first colon of its URLs, such as `sqlite`. */
  readonly schemes: readonly string[];
  /**
   * Opens the store of a URL. Calls `options.onJournal` before it returns.
   *
   * @throws RivuletError `invalid_argument` for a URL that is none of its own, and what the store's opening throws
   */
  readonly open: (url: string, options: OpenStoreOptions) => Promise<Store>;
  /**
   * Restores a backup into the store of a URL, as one step. `restoreInTransaction` does it for a database.
   *
   * @throws RivuletError `invalid_argument` for a URL that is none of its own; `already_exists` when the store holds
   * something; `store_corrupt` when the backup is damaged; `store_locked` when somebody has the store open
   */
  readonly restore: (url: string, backup: Backup, options: RestoreTargetOptions) => Promise<void>;
}

/** How a store is made that a backup is restored into. */
export interface RestoreTargetOptions {
  /** Permissions of the files that are made; new folders get the matching ones. @default 0o600 */
  readonly fileMode?: number;
}

/**
 * Makes `openStore` know a driver, in every copy of this package that the process holds. The last one
 * registered for a scheme counts. A package calls it when it is imported.
 */
export function registerDriver(driver: Driver): void {
  const drivers = registeredDrivers();
  for (const scheme of driver.schemes) drivers.set(scheme, driver);
}

/** The driver of a scheme; undefined when none is registered. */
export function findDriver(scheme: string): Driver | undefined {
  return registeredDrivers().get(scheme);
}

const DRIVERS = Symbol.for("@rivulet/store/drivers");

function registeredDrivers(): Map<string, Driver> {
  const holder = globalThis as { [DRIVERS]?: Map<string, Driver> };
  holder[DRIVERS] ??= new Map();
  return holder[DRIVERS];
}
