import type { Route } from "../router.ts";
import { missingUiPage, slashPage } from "./plain-pages.ts";
import { readUiFiles, type UiFile } from "./ui-files.ts";

/** No inline script or style, nothing from elsewhere, no HTML made of strings. */
const PAGE_CSP: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** The dashboard's files, one route each, and the page that adds a missing slash. */
export function uiRoutes(folder: string | undefined): readonly Route[] {
  const files = readUiFiles(folder);
  const index = files.find(({ path }) => path === "/index.html");
  const home = index === undefined ? missingUiPage : (request: Request) => send(index, request);
  return [
    route("", slashPage),
    route("/", home),
    ...files.map((file) => route(literal(file.path), (request) => send(file, request))),
  ];
}

function route(path: string, answer: (request: Request) => Response): Route {
  return { method: "GET", path, access: "read", handle: ({ request }) => answer(request) };
}

function send({ bytes, contentType, etag, isImmutable }: UiFile, request: Request): Response {
  const headers = {
    etag,
    "cache-control": isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
    "content-security-policy": PAGE_CSP,
  };
  if (isKnown(etag, request.headers.get("if-none-match"))) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(bytes, {
    headers: {
      ...headers,
      "content-type": contentType,
      "content-length": String(bytes.byteLength),
    },
  });
}

/** Proxies that compress turn our tag into a weak one. */
function isKnown(etag: string, header: string | null): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

/** A path in which nothing is a pattern. */
function literal(path: string): string {
  return encodeURI(path).replaceAll(/[:*+?(){}\\]/g, "\\$&");
}
