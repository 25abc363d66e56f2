import type { Artifact } from "@rivulet/core";

/**
 * Types that are shown in place. No SVG, which is a document with scripts; no PDF, whose viewer does not work in
 * a sandbox.
 */
const SHOWN_IN_PLACE: ReadonlySet<string> = new Set([
  "application/json",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/webp",
  "text/csv",
  "text/html",
  "text/markdown",
  "text/plain",
  "text/tab-separated-values",
]);

/** Even when opened as its own page, an artifact has no origin and runs no scripts. */
const SANDBOX =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** The bytes of an artifact, which may be anyone's, served so that they can do no harm. */
export function sendArtifact(
  { path, contentType, content }: Artifact & { readonly content: Uint8Array },
  isDownload: boolean,
): Response {
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  const isShown = SHOWN_IN_PLACE.has(type);
  return new Response(new Uint8Array(content), {
    headers: {
      "content-type": isShown ? withCharset(type) : "application/octet-stream",
      "content-length": String(content.byteLength),
      "content-disposition": disposition(path, isDownload || !isShown),
      "content-security-policy": SANDBOX,
      "x-frame-options": "SAMEORIGIN",
    },
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
