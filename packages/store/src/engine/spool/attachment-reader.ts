import { messageOf } from "@rivulet/domain";
import type { Backend } from "../../port/backend.ts";
import { listAttachments, readAttachment, removeAttachment } from "./attachment-files.ts";
import { onFiles, SpoolFileError } from "./spool-file-error.ts";
import { ownerFolder, type SpoolPlace } from "./spool-folder.ts";

/** What became of one file of the spool. */
export interface TakenAttachment {
  /** Its size. */
  readonly bytes: number;
  /** Whether the store had no room for it. */
  readonly isRefused: boolean;
}

/** Options of {@link takeAttachment}. */
export interface AttachmentReaderParts {
  readonly backend: Pick<Backend, "takeAttachment">;
  readonly place: SpoolPlace;
}

/**
 * Moves one of the files that an owner's spans refer to into the store. Returns `undefined` when there is none.
 *
 * @throws SpoolFileError; whatever the store throws. The next call tries the same again.
 */
export async function takeAttachment({
  backend,
  place,
}: AttachmentReaderParts): Promise<TakenAttachment | undefined> {
  const [hash] = onFiles(ownerFolder(place), () => listAttachments(place));
  if (hash === undefined) return undefined;
  const file = await naming(place, () => readAttachment(place, hash));
  if (file === undefined) return { bytes: 0, isRefused: false };
  const isStored = await backend.takeAttachment(file);
  await naming(place, () => removeAttachment(place, hash));
  return { bytes: file.content.byteLength, isRefused: !isStored };
}

async function naming<T>(place: SpoolPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const folder = ownerFolder(place);
    throw new SpoolFileError(
      "store_unavailable",
      `Files in ${folder} cannot be stored: ${messageOf(cause)}. Check their permissions.`,
      { cause, details: { path: folder } },
    );
  }
}
