import type { Backup } from "@rivulet/store/backup";
import { readConnectionSettings } from "./connection-settings.ts";

/**
 * Restores a backup into a store that is not there yet, or that holds nothing, in one transaction. Files come
 * first: when it fails, they are removed like those of a killed upload.
 *
 * @throws RivuletError `already_exists` when the store holds something; `store_locked` when a process that has it
 * open was heard of in the last five minutes; what the store's opening throws
 */
export async function restorePostgres(
  url: string,
  backup: Backup,
  options: { readonly artifacts?: string } = {},
): Promise<void> {
  const settings = readConnectionSettings(url, {});
  // Imported lazily, because otherwise only workers need them.
  const { restoreInto } = await import("./restore-into.ts");
  await restoreInto(settings, backup, options);
}
