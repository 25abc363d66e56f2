import type { HandlerExtension } from "./handler.ts";
import { boundedBody } from "./http/read-body.ts";
import type { Call, Route } from "./router.ts";
import type { Settings } from "./settings.ts";

/** An extension behind the gates, with a body that cannot be longer than ours. */
export function extensionRoute(
  extension: HandlerExtension,
  { maxBodyBytes }: Pick<Settings, "maxBodyBytes">,
): Route {
  return {
    method: "ANY",
    path: extension.path,
    access: extension.access,
    handle: ({ request, context, caller }: Call) =>
      extension.handler(bounded(request, { limit: maxBodyBytes, context }), {
        ...context,
        ...caller,
      }),
  };
}

function bounded(request: Request, rules: Parameters<typeof boundedBody>[1]): Request {
  const body = boundedBody(request, rules);
  if (body === null) return request;
  const headers = new Headers(request.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Request(request, { body, headers, duplex: "half" });
}
