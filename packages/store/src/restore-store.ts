import { dirname } from "node:path";
import { RivuletError } from "@rivulet/domain";
import { openBackup } from "./backup/read-backup.ts";
import { reportOf } from "./backup/write-backup.ts";
import { restoreJson } from "./drivers/json/restore-json.ts";
import { restoreSqlite } from "./drivers/sqlite/restore-sqlite.ts";
import { makeFolder, resolveStorePath } from "./drivers/store-path.ts";
import { modesOf } from "./engine/file-modes.ts";
import type { BackupReport } from "./port/backup.ts";
import { requireNode } from "./require-node.ts";

/** Options of {@link restoreBackup}. */
export interface RestoreOptions {
  /** URL of a store that is not there yet, or that holds nothing. Of any driver but `memory:`. */
  readonly store: string;
  /** Permissions of the files that are made; new folders get the matching ones. @default 0o600 */
  readonly fileMode?: number;
}

/**
 * Restores a backup, as one step: until it is over, and when it fails or is killed, the store is what it was.
 * Nobody may have the store open.
 *
 * @param backup the folder that `backup` wrote, from a store of any driver
 * @returns what was restored
 * @throws RivuletError `not_found` when there is no backup; `already_exists` when the store holds something;
 * `store_corrupt` when the backup was not finished or is damaged, with file and line; `store_too_new` when a newer
 * Rivulet made it; `store_locked` when somebody has the store open; `store_unavailable`; `unsupported` for `memory:`;
 * `invalid_argument`
 */
export async function restoreBackup(
  backup: string,
  { store, fileMode }: RestoreOptions,
): Promise<BackupReport> {
  requireNode(process.versions.node);
  const opened = await openBackup(backup);
  const [, scheme, given = ""] = /^(sqlite|json):(.+)$/s.exec(store) ?? [];
  if (scheme === undefined) throw noTarget(store);
  const path = resolveStorePath(given);
  const modes = modesOf(fileMode);
  makeFolder(dirname(path), modes);
  const files = { folder: `${path}.files`, fileMode: modes.file };
  const restore = scheme === "json" ? restoreJson : restoreSqlite;
  await restore(opened, { path, files, modes });
  return reportOf(opened.path, opened.manifest);
}

function noTarget(store: string): RivuletError {
  if (store === "memory:") {
    return new RivuletError(
      "unsupported",
      "A store in memory ends with its client: restore into sqlite:, json: or postgres:.",
    );
  }
  return new RivuletError("invalid_argument", `There is no store to restore into at "${store}".`);
}
