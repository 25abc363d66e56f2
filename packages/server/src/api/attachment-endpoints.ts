import { addressOf } from "@rivulet/client/addresses";
import type { Attachment } from "@rivulet/core";
import * as z from "zod";
import { invalidInput } from "../http/failure.ts";
import { disposition } from "./artifact-response.ts";
import { decodeTexts } from "./decode-input.ts";
import type { Endpoint } from "./endpoint.ts";
import { fieldsOf } from "./json-schema.ts";
import { isPdf, knownMediaType, PDF_HEADERS, SHOWN_MEDIA } from "./shown-media.ts";

/** Nothing may be loaded from it or framed around it. */
const POLICY = "default-src 'none'; frame-ancestors 'none'";
/** Its bytes never change; not for longer, because it may be deleted. */
const CACHED = "private, max-age=3600, immutable";

const inputSchema = z.object({
  hash: z.string().describe("SHA-256 of the bytes, in hexadecimal digits"),
  download: z.boolean().describe("To be saved instead of shown; default false").exactOptional(),
});
const { method, path } = addressOf("traces.getAttachment");

/** The bytes of files that spans refer to. */
export const attachmentEndpoints: readonly Endpoint[] = [
  {
    id: "traces.getAttachment",
    method,
    path,
    access: "read",
    summary: "The bytes of an image, speech, document or another file of spans, by their hash.",
    input: inputSchema,
    body: "none",
    output: "bytes",
    run: async ({ rivulet }, { params, query }) => {
      const fields = fieldsOf(inputSchema);
      const { download, ...unknown } = decodeTexts(query, fields, "query");
      const [name] = Object.keys(unknown);
      if (name !== undefined) throw invalidInput(`query.${name}`, "is not known here");
      const { hash } = decodeTexts(params, fields, "path");
      const attachment = await rivulet.traces.getAttachment(String(hash));
      return sendAttachment(attachment, download === true);
    },
  },
];

function sendAttachment(
  { hash, mediaType, name, content }: Attachment & { readonly content: Uint8Array },
  isDownload: boolean,
): Response {
  const type = knownMediaType(mediaType);
  const isShown = SHOWN_MEDIA.has(type);
  return new Response(new Uint8Array(content), {
    headers: {
      "content-type": isShown ? type : "application/octet-stream",
      "content-length": String(content.byteLength),
      "content-disposition": disposition(name ?? hash, isDownload || !isShown),
      "content-security-policy": POLICY,
      "cache-control": CACHED,
      etag: `"${hash}"`,
      ...(isPdf(type) ? PDF_HEADERS : {}),
    },
  });
}
