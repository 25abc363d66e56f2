import { type Attachment, RivuletError } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import { notFound } from "../reference.ts";

/** Why the bytes of a file are not there. */
const REASONS: Readonly<Record<Attachment["state"], string>> = {
  missing: "they are on their way to the store, or were lost with the process that recorded them",
  refused: "the store had as many bytes of such files as it keeps (option attachmentBytes)",
  stored: "they were deleted",
};

/** A file that spans refer to, with its bytes. @throws RivuletError `not_found` with the reason */
export async function readAttachment(
  { traces, files }: Store,
  hash: string,
): Promise<Attachment & { readonly content: Uint8Array }> {
  const found = await traces.findAttachment(hash);
  if (found === undefined) throw notFound("attachment", hash);
  const content = found.state === "stored" ? await files.read(hash) : undefined;
  if (content !== undefined) return { ...found, content };
  const message = `The bytes of the attachment ${hash} are not kept: ${REASONS[found.state]}.`;
  throw new RivuletError("not_found", message, { details: { id: hash, state: found.state } });
}
