import { addRoute, createRouter, findRoute } from "rou3";
import type { Failure } from "../http/failure.ts";
import { jsonResponse } from "../http/json-response.ts";
import type { HandlerExtension } from "./extension.ts";

/** A failure in the shape of the extension that owns the path; `undefined` for Rivulet's own shape. */
export type ShapeError = (path: string, failure: Failure, request: Request) => Response | undefined;

/** Knows which paths belong to extensions with their own shape of errors. */
export function createErrorShapes(extensions: readonly HandlerExtension[]): ShapeError {
  const owners = createRouter<HandlerExtension>();
  for (const extension of extensions) {
    if (extension.errorBody === undefined) continue;
    for (const { path } of extension.routes) addRoute(owners, "", path, extension);
    for (const prefix of extension.prefixes ?? []) addRoute(owners, "", `${prefix}/**`, extension);
  }
  return (path, { headers, ...error }, request) => {
    const owner = path === "" ? undefined : findRoute(owners, "", path)?.data;
    const shaped = owner?.errorBody?.(error, request);
    if (shaped === undefined) return undefined;
    const response =
      shaped instanceof Response ? shaped : jsonResponse(shaped, { status: error.status });
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return response;
  };
}
