import { RivuletError } from "@rivulet/domain";

/** Size of the machine-local data beyond which no more traces are accepted, because each of them rewrites all of it. */
export const MAX_LOCAL_BYTES: number = 4 * 1024 * 1024;

/** Both have changed a file: theirs is kept. */
export function conflict(path: string, file: string): RivuletError {
  return new RivuletError(
    "conflict",
    `${file} in ${path} was changed by another program while Rivulet was writing a change. The files were left unchanged and read again; the change was not made. Repeat it.`,
    { details: { path, file } },
  );
}

/** There is nothing left to write to. */
export function removed(path: string): RivuletError {
  return new RivuletError(
    "store_unavailable",
    `${path} was removed while it was open, perhaps by Git. Nothing is written there. Restore it (git checkout HEAD -- ${path}), or close the store.`,
    { details: { path } },
  );
}

/** The machine-local data is full. */
export function fullError(path: string): RivuletError {
  const size = `${MAX_LOCAL_BYTES / 1024 ** 2} MB`;
  return new RivuletError(
    "limit_exceeded",
    `Traces were dropped: the machine-local data in ${path} has reached ${size}. A json: store is for content that people read; record traces into a sqlite: store.`,
    { details: { path, maxBytes: MAX_LOCAL_BYTES } },
  );
}
