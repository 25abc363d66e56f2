/** Types besides text that browsers show and in which nothing can run. No SVG, no HTML: those are documents with scripts. */
export const SHOWN_MEDIA: ReadonlySet<string> = new Set([
  "application/pdf",
  "audio/aac",
  "audio/flac",
  "audio/mp4",
  "audio/mpeg",
  "audio/ogg",
  "audio/wav",
  "audio/webm",
  "image/avif",
  "image/bmp",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/webp",
  "video/mp4",
  "video/ogg",
  "video/webm",
]);

/** The type that browsers know, for one that other programs write: `audio/wav` for `audio/x-wav`. */
export function knownMediaType(type: string): string {
  return type === "audio/mp3" ? "audio/mpeg" : type.replace(/^audio\/x-/, "audio/");
}

/**
 * What is sent with a PDF, which is shown in a frame of the dashboard. Without a sandbox: browsers' viewers, which keep
 * what is in a PDF away from the page around it, do not work in one.
 */
export const PDF_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'self'",
  "x-frame-options": "SAMEORIGIN",
};

/** Whether a type is that of a PDF. */
export function isPdf(type: string): boolean {
  return type === "application/pdf";
}
