import { RivuletError } from "@rivulet/domain";
import type { Backup } from "./backup/read-backup.ts";
import { findDriver, type RestoreTargetOptions } from "./drivers/registry.ts";
import { makeFolderOf, resolveStorePath } from "./drivers/store-path.ts";
import { modesOf } from "./file-modes.ts";
import { storageElsewhere, withPlace } from "./files/files-elsewhere.ts";
import { loadDriver } from "./load-driver.ts";
import { unknownUrl } from "./open-store.ts";
import type { BackupReport } from "./port/backup.ts";
import { requireNode } from "./require-node.ts";

/** Options of {@link restoreBackup}. */
export interface RestoreOptions extends RestoreTargetOptions {
  /** URL of a new or empty store, of any driver except `memory:`. */
  readonly store: string;
}

/**
 * Restores a backup atomically: if it fails or is killed, the store is unchanged. The store must not be open anywhere.
 * Records in a spool beside it are processed when it is next opened. Files go to the place that `artifacts` names, by
 * default to that of `RIVULET_ARTIFACTS`.
 *
 * @param folder the folder that `backup` wrote, from a store of any driver
 * @returns what was restored
 * @throws RivuletError `not_found` when there is no backup; `already_exists` when the store is not empty;
 * `store_corrupt` when the backup is unfinished or damaged, with file and line; `store_too_new` when a newer Rivulet
 * wrote it; `store_locked` when the store is open elsewhere; `store_unavailable`; `unsupported` for `memory:`;
 * `invalid_argument` for a URL that no driver handles
 */
export async function restoreBackup(
  folder: string,
  options: RestoreOptions,
): Promise<BackupReport> {
  return restoreWith(folder, withPlace(options));
}

/** The same, without a look at the environment. */
export async function restoreWith(
  folder: string,
  { store, ...options }: RestoreOptions,
): Promise<BackupReport> {
  requireNode(process.versions.node);
  const restore = await findRestore(String(store), options);
  const [{ openBackup }, { reportOf }] = await Promise.all([
    import("./backup/read-backup.ts"),
    import("./backup/write-backup.ts"),
  ]);
  const backup = await openBackup(folder);
  await restore(backup);
  return reportOf(backup.path, backup.manifest);
}

/** How to restore into the store of a URL. */
async function findRestore(
  url: string,
  options: RestoreTargetOptions,
): Promise<(backup: Backup) => Promise<void>> {
  const [, scheme = "", path = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(url) ?? [];
  const registered = findDriver(scheme);
  if (registered === undefined && (scheme === "sqlite" || scheme === "json") && isFile(path)) {
    return (backup) => restoreFile({ scheme, path, backup, options });
  }
  if (url === "memory:") {
    const message =
      "A memory: store does not outlive its client: restore into another kind of store.";
    throw new RivuletError("unsupported", message);
  }
  const driver = registered ?? (await loadDriver(scheme));
  if (driver === undefined) throw unknownUrl(url, scheme);
  return (backup) => driver.restore(url, backup, options);
}

function isFile(path: string): boolean {
  return path !== "" && path !== ":memory:";
}

interface FileRestore {
  readonly scheme: "sqlite" | "json";
  readonly path: string;
  readonly backup: Backup;
  readonly options: RestoreTargetOptions;
}

async function restoreFile({ scheme, path: given, backup, options }: FileRestore): Promise<void> {
  const path = resolveStorePath(given);
  const modes = modesOf(options.fileMode);
  const elsewhere = storageElsewhere(options, { marks: false });
  makeFolderOf(path, modes);
  if (scheme === "json") {
    const { restoreJson } = await import("./drivers/json/restore-json.ts");
    return restoreJson(backup, { path, modes, elsewhere });
  }
  const { restoreSqlite } = await import("./drivers/sqlite/restore-sqlite.ts");
  const files = { folder: `${path}.files`, fileMode: modes.file };
  await restoreSqlite(backup, { path, files, modes, elsewhere });
}
