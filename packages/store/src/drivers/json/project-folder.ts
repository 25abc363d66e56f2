import { closeSync, openSync, readSync, statSync } from "node:fs";
import { RivuletError } from "@rivulet/domain";
import type { Modes } from "../../file-modes.ts";
import { makeFolderOf } from "../store-path.ts";
import { placesOf } from "./project-paths.ts";

/** Creates the folder of a project if it does not exist. @throws RivuletError `store_unavailable` */
export function makeProjectFolder(path: string, modes: Modes): void {
  refuseFile(path);
  const { lock } = placesOf(path);
  makeFolderOf(lock, modes);
}

/**
 * A project is a folder: a file is left as it is.
 *
 * @throws RivuletError `invalid_argument` with what to do, also for a project of an older release
 */
export function refuseFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return;
  const isOld = beginningOf(path).includes('"tables"');
  const todo = isOld
    ? "It is the project of an older Rivulet: back it up with that release (rivulet backup FOLDER --store URL), and restore the backup into a new folder with this one (rivulet restore FOLDER --store json:NEW)"
    : "Choose another path";
  throw new RivuletError(
    "invalid_argument",
    `${path} is a file, but a json: store is a folder. The file was left unchanged. ${todo}.`,
    { details: { path } },
  );
}

function beginningOf(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(256);
    return bytes.toString("utf8", 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
