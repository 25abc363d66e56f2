import { openEngine } from "../../engine/host/open-engine.ts";
import { modesOf } from "../../file-modes.ts";
import { filesBeside } from "../../files/files-beside.ts";
import { OF_PROJECTS, storageElsewhere } from "../../files/files-elsewhere.ts";
import { joinStorages } from "../../files/joined-storage.ts";
import type { OpenStoreOptions } from "../../port/open-store-options.ts";
import type { Store } from "../../port/store.ts";
import { resolveLinks, resolveStorePath } from "../store-path.ts";
import { openJsonBackend } from "./json-backend.ts";
import { makeProjectFolder, refuseFile } from "./project-folder.ts";
import { placesOf } from "./project-paths.ts";
import { projectTrees } from "./project-trees.ts";

/**
 * Opens the project in a folder: a store in memory, in the calling thread, that is written to small files after each
 * change, and that reads them again when somebody else has changed them.
 *
 * @throws RivuletError `invalid_argument` for a file; `store_unavailable`, `store_corrupt`, `store_too_new`, `store_locked`, `conflict`
 */
export async function openJsonStore(folder: string, options: OpenStoreOptions): Promise<Store> {
  const { readOnly = false, fileMode = 0o600, spool } = options;
  const path = resolveStorePath(folder);
  const places = placesOf(path);
  const { spool: ownSpool, owners, local } = places;
  refuseFile(path);
  if (!readOnly) makeProjectFolder(path, modesOf(fileMode));
  const elsewhere = storageElsewhere(options);
  const beside = projectTrees({
    filesFolder: places.files,
    attachmentsFolder: places.attachments,
    fileMode,
    readOnly,
  });
  const sharesFiles = elsewhere !== undefined;
  const trees = sharesFiles
    ? { storage: joinStorages(elsewhere, beside.storage), attachments: elsewhere }
    : beside;
  // Each clone of a project is a store, and all of them have the same files.
  await elsewhere?.own?.(OF_PROJECTS);
  return openEngine({
    info: { driver: "json", url: `json:${path}`, folder: local, ...(readOnly && { readOnly }) },
    key: `json:${path}`,
    backend: {
      kind: "local",
      open: ({ report }) =>
        openJsonBackend({ path, trees, fileMode, readOnly, sharesFiles, report }),
    },
    spool: resolveLinks(spool ?? ownSpool),
    ownerLocks: owners,
    files: filesBeside(trees.storage),
    options,
  });
}
