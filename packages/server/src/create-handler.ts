import type { Rivulet } from "@rivulet/core";
import { createAccessGate } from "./access/access-gate.ts";
import { apiRoutes } from "./api/api-routes.ts";
import { createEventStreams, type EventStreams } from "./events/event-streams.ts";
import { extensionRoute } from "./extension-route.ts";
import { createCrossOriginGate } from "./gates/cross-origin-gate.ts";
import { createHostGate } from "./gates/host-gate.ts";
import { pathInside } from "./gates/path-gate.ts";
import type { Handler, HandlerContext } from "./handler.ts";
import { failureResponse } from "./http/failure.ts";
import { jsonResponse } from "./http/json-response.ts";
import { Refusal } from "./http/refusal.ts";
import { secured } from "./http/security-headers.ts";
import { createRouter, decodeParams, type Match, type Route } from "./router.ts";
import { type HandlerOptions, type Settings, toSettings } from "./settings.ts";
import { uiRoutes } from "./ui/ui-routes.ts";

/**
 * Rivulet's dashboard, API and live events as one function from `Request` to `Response`.
 *
 * Every request passes, in this order: path, host, origin, access; then its route, content type, limits and
 * schema.
 *
 * @throws RivuletError `invalid_argument` in production without `auth`
 */
export function createHandler(rivulet: Rivulet, options: HandlerOptions = {}): Handler {
  const settings = toSettings(options);
  const events = createEventStreams(rivulet, settings.maxEventStreams);
  const dispatch = createDispatcher(settings, [
    ...apiRoutes(rivulet, settings),
    ...settings.extensions.map((extension) => extensionRoute(extension, settings)),
    ...commonRoutes(rivulet, events),
    ...uiRoutes(settings.uiFolder),
  ]);

  const handle = async (request: Request, context: HandlerContext): Promise<Response> => {
    const response = await dispatch(request, context).catch((thrown: unknown) =>
      failureResponse(thrown, rivulet.reportError),
    );
    return secured(response, request.method);
  };
  const close = async (): Promise<void> => {
    events.close();
    await Promise.all(settings.extensions.map((extension) => extension.close?.()));
  };
  return Object.assign(handle, { close });
}

function createDispatcher(
  settings: Settings,
  routes: readonly Route[],
): (request: Request, context: HandlerContext) => Promise<Response> {
  const findRoute = createRouter(routes);
  const checkHost = createHostGate(settings);
  const checkOrigin = createCrossOriginGate(settings);
  const admit = createAccessGate(settings);

  return async (request, context) => {
    const path = pathInside(request, context);
    checkHost(request);
    checkOrigin(request);
    const match = findRoute(request.method, path);
    // What is not there is not told to strangers either.
    const caller = await admit({ request, context, needed: match.route?.access ?? "read" });
    if (match.route === undefined) throw noRoute(match);
    const params = decodeParams(match.params);
    const { searchParams: query } = new URL(request.url);
    return match.route.handle({ request, context, caller, params, query });
  };
}

function noRoute({ allowed }: Extract<Match, { readonly route: undefined }>): Refusal {
  if (allowed.length === 0) {
    return new Refusal({
      status: 404,
      code: "not_found",
      message: "There is nothing at this path.",
    });
  }
  const allow = allowed.join(", ");
  return new Refusal({
    status: 405,
    code: "unsupported",
    message: `This path takes ${allow}.`,
    headers: { allow },
  });
}

function commonRoutes(rivulet: Rivulet, events: EventStreams): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/health",
      access: "public",
      handle: () => health(rivulet),
    },
    { method: "GET", path: "/events", access: "read", handle: () => events.open() },
  ];
}

/** Strangers are told that the store cannot be opened, and not why: `/api/v1/stats` says that. */
async function health(rivulet: Rivulet): Promise<Response> {
  try {
    await rivulet.stats();
    return jsonResponse({ status: "ok" });
  } catch {
    return jsonResponse({ status: "unavailable" }, { status: 503 });
  }
}
