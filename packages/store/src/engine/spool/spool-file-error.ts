import { messageOf, RivuletError } from "@rivulet/domain";

/** Records stay in the spool because their files cannot be read or removed. */
export class SpoolFileError extends RivuletError {}

/** Works on files in a folder. @throws SpoolFileError when that fails */
export function onFiles<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new SpoolFileError(
      "store_unavailable",
      `Records in ${folder} cannot be stored: ${messageOf(cause)}. Check the permissions of its files.`,
      { cause, details: { path: folder } },
    );
  }
}
