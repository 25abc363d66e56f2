import { RivuletError } from "@rivulet/domain";

/** Size of what is not shared above which no more traces are taken: all of it is written with each of them. */
export const MAX_LOCAL_BYTES: number = 4 * 1024 * 1024;

/** Both have changed a file: theirs stays. */
export function conflict(path: string, file: string): RivuletError {
  return new RivuletError(
    "conflict",
    `${file} in ${path} was changed by another program while Rivulet was writing a change. The files were left unchanged and read again; the change was not made. Repeat it.`,
    { details: { path, file } },
  );
}

/** There is nothing any more to write to. */
export function removed(path: string): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `${path} was removed while it was open, perhaps by Git. Nothing is written there. Restore it (git checkout HEAD -- ${path}), or close the store.`,
    { details: { path } },
  );
}

/** What is of this machine takes no more. */
export function fullError(path: string): RivuletError {
  const size = `${MAX_LOCAL_BYTES / 1024 ** 2} MB`;
  return new RivuletError(
    "limit_exceeded",
    `Traces were dropped: the machine-local data in ${path} has reached ${size}. A json: store is for content that people read; record traces into a sqlite: store.`,
    { details: { path, maxBytes: MAX_LOCAL_BYTES } },
  );
}
