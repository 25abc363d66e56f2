import type { Route } from "../router.ts";
import { missingUiPage } from "./missing-ui-page.ts";
import { slashlessPage } from "./slashless-page.ts";
import { readUiFiles, toUiFile, type UiFile } from "./ui-files.ts";

/** Nothing inline except the script of the page without its slash, nothing from other origins, no HTML from strings. */
const pagePolicy = (inlineScript = ""): string =>
  [
    "default-src 'none'",
    `script-src 'self'${inlineScript}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self'",
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

/** The dashboard's files, one route each. The page is served at both addresses of the mount, with its slash and without. */
export function uiRoutes(folder: string | undefined): readonly Route[] {
  const files = readUiFiles(folder);
  const index = files.find(({ path }) => path === "/index.html");
  const pages =
    index === undefined
      ? [route("", missingUiPage), route("/", missingUiPage)]
      : [slashlessRoute(index), route("/", (request) => send(index, request))];
  return [
    ...pages,
    ...files.map((file) => ({
      ...route(literal(file.path), (request) => send(file, request)),
      isFile: true,
    })),
  ];
}

function slashlessRoute(index: UiFile): Route {
  const { html, scriptSource } = slashlessPage(new TextDecoder().decode(index.bytes));
  const page = toUiFile(index.path, new TextEncoder().encode(html));
  const policy = pagePolicy(` ${scriptSource}`);
  return route("", (request) => send(page, request, policy));
}

function route(path: string, answer: (request: Request) => Response): Route {
  return { method: "GET", path, access: "page", handle: ({ request }) => answer(request) };
}

function send(file: UiFile, request: Request, policy: string = pagePolicy()): Response {
  const { bytes, contentType, etag, isImmutable } = file;
  const headers = {
    etag,
    "cache-control": isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
    "content-security-policy": policy,
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

/** Escapes a path for the router, so that nothing in it is a pattern. */
function literal(path: string): string {
  return encodeURI(path).replaceAll(/[:*+?(){}\\]/g, "\\$&");
}
