import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

/** Set when the package is built: JSON of path → brotli in base64, because bundlers lose files that are found by URL. */
declare const RIVULET_UI: string | undefined;

/** A file of the dashboard, in memory. */
export interface UiFile {
  /** Such as `/assets/index-B1x.js`. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Strong, quoted. */
  readonly etag: string;
  /** Its name changes with its content. */
  readonly isImmutable: boolean;
}

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  [".css", "text/css; charset=utf-8"],
  [".html", "text/html; charset=utf-8"],
  [".ico", "image/x-icon"],
  [".js", "text/javascript; charset=utf-8"],
  [".json", "application/json; charset=utf-8"],
  [".png", "image/png"],
  [".svg", "image/svg+xml"],
  [".txt", "text/plain; charset=utf-8"],
  [".webmanifest", "application/manifest+json"],
  [".woff2", "font/woff2"],
]);

/**
 * Reads the built dashboard once, without a folder the one that this package brings; empty when it is not
 * built. No request's path ever reaches the disk.
 */
export function readUiFiles(folder?: string): readonly UiFile[] {
  if (folder !== undefined) return filesIn(folder);
  return typeof RIVULET_UI === "string"
    ? unpack(RIVULET_UI)
    : filesIn(fileURLToPath(new URL("../../dist/ui", import.meta.url)));
}

function unpack(packed: string): readonly UiFile[] {
  const files: Readonly<Record<string, string>> = JSON.parse(packed);
  return Object.entries(files).map(([path, text]) =>
    toUiFile(path, new Uint8Array(brotliDecompressSync(Buffer.from(text, "base64")))),
  );
}

function filesIn(folder: string): readonly UiFile[] {
  return list(folder).map((file) => {
    const path = `/${relative(folder, file).split(sep).join("/")}`;
    return toUiFile(path, new Uint8Array(readFileSync(file)));
  });
}

/** A file of the dashboard; its path determines its content type. */
export function toUiFile(path: string, bytes: Uint8Array<ArrayBuffer>): UiFile {
  return {
    path,
    bytes,
    contentType: CONTENT_TYPES.get(extname(path)) ?? "application/octet-stream",
    etag: `"${hash("sha256", bytes, "base64url").slice(0, 22)}"`,
    isImmutable: path.startsWith("/assets/"),
  };
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
