import { RivuletError } from "@rivulet/domain";

/** The error for an upload that was never begun, was finished, or has been cleared away. */
export function noUpload(upload: string): RivuletError {
  const message = `The upload ${upload} does not exist (any more): begin it again.`;
  return new RivuletError("conflict", message, { details: { upload } });
}
