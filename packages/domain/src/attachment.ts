import * as z from "zod";

/**
 * Whether the bytes of an attachment are in the store. `missing`: they are on their way, or were lost with the process
 * that recorded them. `refused`: the store had as many bytes of attachments as it keeps.
 */
export type AttachmentState = "stored" | "missing" | "refused";

/** A file that a span of a trace was given or made: an image, speech, a document. Its bytes are kept apart from the span. */
export interface Attachment {
  /** The trace that has it. */
  readonly traceId: string;
  /** The first span of the trace that has it. */
  readonly spanId: string;
  /** SHA-256 of the bytes in hex; equal files are kept once. */
  readonly hash: string;
  /** Size in bytes. */
  readonly size: number;
  /** Such as `image/png`; `application/octet-stream` when it is not known. */
  readonly mediaType: string;
  /** Name of the file, where its source gives one. */
  readonly name?: string;
  /** Whether its bytes can be read. */
  readonly state: AttachmentState;
}

/** Schema of {@link Attachment}. */
export const attachmentSchema: z.ZodType<Attachment> = z.object({
  traceId: z.string(),
  spanId: z.string(),
  hash: z.string(),
  size: z.number(),
  mediaType: z.string(),
  name: z.string().exactOptional(),
  state: z.enum(["stored", "missing", "refused"]),
});
