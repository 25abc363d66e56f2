import { join } from "node:path";
import type { OpenStoreOptions } from "@rivulet/core";
import { aFolder, type OpenedStore, opened } from "../store/folder.ts";

/** A store that is closed after the test, with a spool of its own. */
export async function openedPostgres(
  url: string,
  options: OpenStoreOptions = {},
): Promise<OpenedStore> {
  return opened(url, { spool: join(await aFolder(), "spool"), ...options });
}
