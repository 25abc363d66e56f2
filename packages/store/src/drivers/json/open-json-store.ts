import { dirname } from "node:path";
import { openEngine } from "../../engine/host/open-engine.ts";
import { modesOf } from "../../file-modes.ts";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Store } from "../../port/store.ts";
import { filesBeside } from "../files-beside.ts";
import { makeFolderOf, resolveLinks, resolveStorePath } from "../store-path.ts";
import { openJsonBackend } from "./json-backend.ts";

/**
 * Opens the project file at a path: a store in memory, in the calling thread, that is written to the file after
 * each change.
 *
 * @throws RivuletError `store_unavailable`, `store_corrupt`, `store_too_new`, `store_locked`
 */
export async function openJsonStore(file: string, options: OpenStoreOptions): Promise<Store> {
  const { readOnly = false, fileMode = 0o600, spool } = options;
  const path = resolveStorePath(file);
  const filesFolder = `${path}.files`;
  if (!readOnly) makeFolderOf(path, modesOf(fileMode));
  return openEngine({
    info: { driver: "json", url: `json:${path}`, folder: dirname(path) },
    key: `json:${path}`,
    backend: {
      kind: "local",
      open: ({ report }) => openJsonBackend({ path, filesFolder, fileMode, readOnly, report }),
    },
    spool: resolveLinks(spool ?? `${path}.spool`),
    ownerLocks: `${path}.owners`,
    files: filesBeside({ folder: filesFolder, fileMode, readOnly }),
    options,
  });
}
