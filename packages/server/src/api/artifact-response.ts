import type { Artifact, ByteRange } from "@rivulet/core";
import { Refusal } from "../http/refusal.ts";
import { type AskedRange, askedRange } from "./byte-range.ts";
import { isPdf, knownMediaType, PDF_HEADERS, SHOWN_MEDIA } from "./shown-media.ts";

/** Types that are shown in place. */
const SHOWN_IN_PLACE: ReadonlySet<string> = new Set([
  ...SHOWN_MEDIA,
  "application/json",
  "text/csv",
  "text/html",
  "text/markdown",
  "text/plain",
  "text/tab-separated-values",
]);

/** Even when opened as its own page, an artifact has no origin and runs no scripts. */
const SANDBOX =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** What decides how an artifact is sent. */
export interface ArtifactAsked {
  readonly request: Request;
  /** To be saved instead of shown. */
  readonly isDownload: boolean;
}

/** A file with its bytes, or those of a range, on their way. */
interface StreamedFile extends SentFile {
  readonly size: number;
  readonly content: ReadableStream<Uint8Array>;
  readonly length: number;
}

/** Opens a file, or a range of its bytes. */
export type OpenFile = (options?: { readonly range: ByteRange }) => Promise<StreamedFile>;

/**
 * The bytes of a file, which may be anyone's, served so that they can do no harm. Those of a range are sent where one is
 * asked for, as of RFC 9110, section 14; several at once are answered with the whole.
 */
export async function sendFile(
  open: OpenFile,
  { request, isDownload }: ArtifactAsked,
): Promise<Response> {
  const whole = await open();
  const headers = headersOf(whole, isDownload);
  if (isKnown(request, whole)) {
    await whole.content.cancel();
    return new Response(null, { status: 304, headers });
  }
  const range = askedRange(request, { size: whole.size, etag: etagOf(whole) });
  if (range === undefined || request.method === "HEAD") {
    return new Response(whole.content, {
      headers: { ...headers, "content-length": String(whole.size) },
    });
  }
  await whole.content.cancel();
  if (range === "none") throw noSuchBytes(whole);
  return sendPart(await open({ range }), range, headers);
}

function sendPart(
  { content, size, length }: StreamedFile,
  { start }: Exclude<AskedRange, "none">,
  headers: Record<string, string>,
): Response {
  return new Response(content, {
    status: 206,
    headers: {
      ...headers,
      "content-length": String(length),
      "content-range": `bytes ${start}-${start + length - 1}/${size}`,
    },
  });
}

/** All files of a folder as a ZIP archive, to be saved under a name. */
export function sendZip(archive: ReadableStream<Uint8Array>, name: string): Response {
  return new Response(archive, {
    headers: {
      "content-type": "application/zip",
      "content-disposition": disposition(`${name}.zip`, true),
      "content-security-policy": SANDBOX,
    },
  });
}

/** What is said of a file that is sent. */
type SentFile = Pick<Artifact, "path" | "contentType" | "sha256">;

function headersOf(artifact: SentFile, isDownload: boolean): Record<string, string> {
  const type = knownMediaType((artifact.contentType.split(";")[0] ?? "").trim().toLowerCase());
  const isShown = SHOWN_IN_PLACE.has(type);
  return {
    "content-type": isShown ? withCharset(type) : "application/octet-stream",
    "content-disposition": disposition(artifact.path, isDownload || !isShown),
    "content-security-policy": SANDBOX,
    "x-frame-options": "SAMEORIGIN",
    "accept-ranges": "bytes",
    etag: etagOf(artifact),
    ...(isPdf(type) ? PDF_HEADERS : {}),
  };
}

function etagOf({ sha256 }: SentFile): string {
  return `"${sha256}"`;
}

function isKnown({ headers }: Request, artifact: SentFile): boolean {
  const known = headers.get("if-none-match")?.split(",") ?? [];
  const etag = etagOf(artifact);
  return known.some((one) => one.trim().replace(/^W\//, "") === etag || one.trim() === "*");
}

function noSuchBytes({ path, size }: StreamedFile): Refusal {
  return new Refusal({
    status: 416,
    code: "invalid_argument",
    message: `The file ${path} has ${size} bytes, and none in the range that is asked for.`,
    headers: { "content-range": `bytes */${size}` },
    details: { field: "header.range" },
  });
}

function withCharset(type: string): string {
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

/** Whether a browser shows a file or saves it, and under which name. */
export function disposition(path: string, isDownload: boolean): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const ascii = name.replaceAll(/[^\w.-]/g, "_");
  const exact = encodeURIComponent(name).replaceAll(/['()*!]/g, percentEncode);
  return `${isDownload ? "attachment" : "inline"}; filename="${ascii}"; filename*=UTF-8''${exact}`;
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
