import type { IncomingMessage, ServerResponse } from "node:http";
import type { HandlerContext } from "../handler.ts";
import { type RemainingBody, remainingBody } from "./read-body.ts";

/** A Node request as `createHandler` wants it. */
export interface Translated {
  readonly request: Request;
  readonly context: HandlerContext;
  /** An earlier middleware has read the body. */
  readonly isConsumed: boolean;
}

/** What Express and Connect add to Node's request. */
type MountedMessage = IncomingMessage & {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
};

// A placeholder, which no host list has; the gate looks at the header itself.
const NO_HOST = "unknown.invalid";

/** Options of {@link toRequest}. */
export interface Mounted {
  /** Where the handler is mounted. @default what the framework says: `baseUrl`, or what it took off `originalUrl` */
  readonly basePath?: string;
}

/** Translates a Node request, whatever is mounted above us. @throws TypeError for a method that `Request` forbids */
export function toRequest(
  req: MountedMessage,
  res: ServerResponse,
  { basePath: given }: Mounted = {},
): Translated {
  const basePath = (given ?? req.baseUrl ?? removedFrom(req)).replace(/\/+$/, "");
  const [rawPath, search] = splitTarget(targetOf(req, basePath));
  const remaining = remainingBody(req);
  const { body, state, isConsumed } = remaining;
  const request = new Request(toUrl(req, rawPath, search), {
    method: req.method ?? "GET",
    headers: toHeaders(req, remaining),
    signal: abortedWith(res),
    ...(body === undefined ? {} : { body, duplex: "half" }),
  });
  const context: HandlerContext = {
    basePath,
    rawPath,
    httpVersion: req.httpVersion,
    native: { req, res },
    ...(req.socket.remoteAddress === undefined ? {} : { peerAddress: req.socket.remoteAddress }),
    ...(state === undefined ? {} : { body: state }),
  };
  return { request, context, isConsumed };
}

/** What Connect, Polka and their like took off the front of the path; they say it nowhere. */
function removedFrom({ originalUrl, url = "/" }: MountedMessage): string {
  if (originalUrl === undefined) return "";
  const [whole, search] = splitTarget(originalUrl);
  const [rest, restSearch] = splitTarget(url);
  if (search !== restSearch) return "";
  if (whole.endsWith(rest)) return whole.slice(0, -rest.length);
  // They add the slash that the mount path itself came without.
  return rest === "/" ? whole : "";
}

/** The address as it came; as the host app has rewritten it, where it did. */
function targetOf({ originalUrl, url = "/" }: MountedMessage, basePath: string): string {
  if (originalUrl === undefined) return url;
  return originalUrl.startsWith(basePath) ? originalUrl : basePath + url;
}

function splitTarget(target: string): readonly [string, string] {
  const mark = target.indexOf("?");
  return mark === -1 ? [target, ""] : [target.slice(0, mark), target.slice(mark)];
}

/** An address that is no address goes to the handler all the same, which refuses it by its raw path. */
function toUrl(req: IncomingMessage, rawPath: string, search: string): URL {
  const scheme = "encrypted" in req.socket ? "https" : "http";
  const host = req.headers.host ?? req.headers[":authority"];
  const origin = `${scheme}://${isPlain(host) ? host : NO_HOST}`;
  const path = rawPath.startsWith("/") ? rawPath : "/";
  return URL.parse(origin + path + search) ?? new URL(`${scheme}://${NO_HOST}/`);
}

/** Nothing that would move the path into the host, or the other way round. */
function isPlain(host: unknown): host is string {
  return typeof host === "string" && /^[\w.:[\]-]+$/.test(host);
}

function toHeaders({ rawHeaders }: IncomingMessage, { isConsumed }: RemainingBody): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    // HTTP/2 has pseudo headers.
    if (!name.startsWith(":")) headers.append(name, rawHeaders[index + 1] ?? "");
  }
  if (isConsumed) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return headers;
}

function abortedWith(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) controller.abort();
  });
  return controller.signal;
}
