import { RivuletError } from "@rivulet/core";
import { addRoute, createRouter as createTree, findRoute } from "rou3";
import type { RouteAccess } from "./access/access-level.ts";
import type { AuthResult } from "./access/auth.ts";
import type { HandlerContext } from "./handler.ts";
import { invalidInput } from "./http/failure.ts";

/** The methods we know. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One endpoint. */
export interface Route {
  /** `ANY` leaves the method to the route. A `GET` route answers `HEAD` too. */
  readonly method: Method | "ANY";
  /** Inside the mount; `:name` is one percent-encoded segment. Empty: the mount itself, without its slash. */
  readonly path: string;
  /** Checked before the route is called. */
  readonly access: RouteAccess;
  /** The extension that it belongs to. @default Rivulet itself */
  readonly owner?: string;
  /** Not found with a slash at the end: relative addresses in a file would lead elsewhere. @default false */
  readonly isFile?: boolean;
  handle(call: Call): Promise<Response> | Response;
}

/** One request that has passed the gates. */
export interface Call {
  readonly request: Request;
  readonly context: HandlerContext;
  readonly caller: AuthResult;
  /** The path's parameters, decoded once. */
  readonly params: URLSearchParams;
  readonly query: URLSearchParams;
}

/** The route of a request, or the methods that there would be. */
export type Match =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly route: undefined; readonly allowed: readonly string[] };

/** Finds routes by their percent-encoded path. */
export type FindRoute = (method: string, path: string) => Match;

const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Puts the table into a tree. `/path/` is the same as `/path`, because servers in front, such as Next.js with
 * `trailingSlash`, redirect to it. Only files and the mount itself have no such second address.
 *
 * @throws RivuletError `invalid_argument` for an endpoint that is there twice
 */
export function createRouter(routes: readonly Route[]): FindRoute {
  refuseDoubles(routes);
  const tree = createTree<Route>();
  for (const route of routes) {
    addRoute(tree, route.method === "ANY" ? "" : route.method, treePath(route.path), route);
  }
  const find = (method: string, path: string): ReturnType<typeof findRoute<Route>> => {
    const found = findRoute(tree, method, treePath(path));
    return path.endsWith("/") && found?.data.isFile === true ? undefined : found;
  };

  return (method, path) => {
    const found = find(method === "HEAD" ? "GET" : method, path);
    if (found !== undefined) return { route: found.data, params: found.params ?? {} };
    const allowed = METHODS.filter((other) => find(other, path) !== undefined);
    return { route: undefined, allowed: allowed.includes("GET") ? [...allowed, "HEAD"] : allowed };
  };
}

/** Refuses duplicates: the router would pick either one, unpredictably. */
function refuseDoubles(routes: readonly Route[]): void {
  const owners = new Map<string, string>();
  for (const { method, path, owner = "Rivulet" } of routes) {
    const endpoint = `${method} ${path}`;
    const other = owners.get(endpoint);
    if (other !== undefined) {
      throw new RivuletError(
        "invalid_argument",
        `${endpoint} is served twice: by ${other} and by ${owner}. Leave one of them out of \`extensions\`.`,
      );
    }
    owners.set(endpoint, owner);
  }
}

/** The tree cannot tell the mount from its slash; no request's path has a NUL. */
function treePath(path: string): string {
  return path === "" ? "/%00" : path;
}

/** Decodes the path's parameters. @throws RivuletError `invalid_argument` */
export function decodeParams(params: Readonly<Record<string, string>>): URLSearchParams {
  const decoded = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    try {
      decoded.append(name, decodeURIComponent(value));
    } catch {
      throw invalidInput(`path.${name}`, "is not percent-encoded UTF-8");
    }
  }
  return decoded;
}
