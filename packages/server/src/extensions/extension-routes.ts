import { readJson, requireContentType } from "../http/json-body.ts";
import { type BodyRules, boundedBody, readBytes } from "../http/read-body.ts";
import type { Call, Route } from "../router.ts";
import type { Settings } from "../settings.ts";
import type { ExtensionRoute, HandlerExtension } from "./extension.ts";

const JSON_TYPES: readonly string[] = ["application/json"];

/** The routes of all extensions. Each gets its body in the form and up to the size it asks for. */
export function extensionRoutes({
  extensions,
  maxBodyBytes,
}: Pick<Settings, "extensions" | "maxBodyBytes">): readonly Route[] {
  return extensions.flatMap(({ name, routes }: HandlerExtension) =>
    routes.map((route) => ({
      method: route.method,
      path: withoutSlash(route.path),
      access: route.access,
      owner: name,
      handle: (call) => answer(route, call, route.maxBytes ?? maxBodyBytes),
    })),
  );
}

async function answer(route: ExtensionRoute, call: Call, limit: number): Promise<Response> {
  const { request, context } = call;
  if (route.contentTypes !== undefined || route.body === "json") {
    requireContentType(request, route.contentTypes ?? JSON_TYPES);
  }
  const rules: BodyRules = { limit, context };
  if (route.body === "json") return route.handle({ ...call, body: await readJson(request, rules) });
  if (route.body === "bytes") {
    const { exact = true } = route;
    return route.handle({ ...call, body: await readBytes(request, { ...rules, exact }) });
  }
  return route.handle({ ...call, request: bounded(request, rules), body: undefined });
}

function bounded(request: Request, rules: BodyRules): Request {
  const body = boundedBody(request, rules);
  if (body === null) return request;
  const headers = new Headers(request.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Request(request, { body, headers, duplex: "half" });
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}
