import type { Rivulet } from "@rivulet/core";
import { createAccessGate } from "./access/access-gate.ts";
import { createSignIn, type SignIn } from "./access/sign-in.ts";
import { signedInRoute, signInRoutes } from "./access/sign-in-routes.ts";
import { apiRoutes } from "./api/api-routes.ts";
import { createEventStreams, type EventStreams } from "./events/event-streams.ts";
import { createErrorShapes } from "./extensions/error-shapes.ts";
import { extensionRoutes } from "./extensions/extension-routes.ts";
import { createCrossOriginGate } from "./gates/cross-origin-gate.ts";
import { createHostGate } from "./gates/host-gate.ts";
import { checkLength, pathInside } from "./gates/path-gate.ts";
import type { Handler, HandlerContext } from "./handler.ts";
import { compressed } from "./http/compressed.ts";
import { failureResponse, toFailure } from "./http/failure.ts";
import { jsonResponse } from "./http/json-response.ts";
import { Refusal } from "./http/refusal.ts";
import { secured } from "./http/security-headers.ts";
import { createRouter, decodeParams, type Match, type Route } from "./router.ts";
import { asksForToken, type HandlerOptions, type Settings, toSettings } from "./settings.ts";
import { uiRoutes } from "./ui/ui-routes.ts";

/**
 * Rivulet's dashboard, API and live events as one function from `Request` to `Response`.
 *
 * Every request passes, in this order: path, host, origin, access; then its route, content type, limits and
 * schema.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value, and in production without
 * `auth` or a token
 */
export function createHandler(rivulet: Rivulet, options: HandlerOptions = {}): Handler {
  const settings = toSettings(options);
  const events = createEventStreams(rivulet, settings.maxEventStreams);
  const signIn = asksForToken(settings) ? createSignIn(rivulet, settings) : undefined;
  const own = (): readonly Route[] => [
    ...apiRoutes(rivulet, settings),
    ...commonRoutes(rivulet, events),
    ...(signIn?.routes ?? routesOf(settings)),
    ...uiRoutes(settings.uiFolder),
  ];
  const dispatch = createDispatcher({ ...settings, signIn }, [
    ...(settings.serves === "extensions" ? [] : own()),
    ...extensionRoutes(settings),
  ]);

  const refuse = createRefuser(settings, rivulet.reportError);

  const handle = async (request: Request, context: HandlerContext): Promise<Response> => {
    const response = await dispatch(request, context)
      .then((answer) => compressed(answer, request))
      .catch((thrown: unknown) => refuse(thrown, request, context));
    return secured(response, request.method);
  };
  const close = async (): Promise<void> => {
    events.close();
    await Promise.all(settings.extensions.map((extension) => extension.close?.()));
  };
  const signInUrl = async (address: string): Promise<string> =>
    signIn === undefined ? address.replace(/\/*$/, "/") : signIn.urlFor(address);
  return Object.assign(handle, { signInUrl, close });
}

/** Where the app's own auth takes keys, the page asks for them. */
function routesOf({ auth }: Settings): readonly Route[] {
  const page = typeof auth === "function" ? auth.signInPage : undefined;
  return page === undefined ? [signedInRoute] : signInRoutes(page);
}

function createDispatcher(
  settings: Settings & { readonly signIn: SignIn | undefined },
  routes: readonly Route[],
): (request: Request, context: HandlerContext) => Promise<Response> {
  const findRoute = createRouter(routes);
  const checkHost = createHostGate(settings);
  const checkOrigin = createCrossOriginGate(settings);
  const admit = createAccessGate(settings);

  return async (request, context) => {
    const path = pathInside(request, context);
    checkLength(request);
    checkHost(request);
    checkOrigin(request);
    const match = findRoute(request.method, path);
    // Strangers do not learn which paths exist, either.
    const caller = await admit({ request, context, needed: match.route?.access ?? "read" });
    if (match.route === undefined) throw noRoute(match);
    const params = decodeParams(match.params);
    const { searchParams: query } = new URL(request.url);
    return match.route.handle({ request, context, caller, params, query });
  };
}

/** Turns errors into responses, in the shape of the protocol that the path belongs to. */
function createRefuser(
  { extensions }: Settings,
  report: (error: unknown) => void,
): (thrown: unknown, request: Request, context: HandlerContext) => Response {
  const shape = createErrorShapes(extensions);
  return (thrown, request, context) => {
    const failure = toFailure(thrown, report);
    try {
      return shape(pathInside(request, context), failure, request) ?? failureResponse(failure);
    } catch (error) {
      // The path is outside the mount, or the extension failed to shape the error.
      if (!(error instanceof Refusal)) report(error);
      return failureResponse(failure);
    }
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

/** Strangers learn that the store cannot be opened, but not why: `/api/v1/stats` says that. */
async function health(rivulet: Rivulet): Promise<Response> {
  try {
    await rivulet.stats();
    return jsonResponse({ status: "ok" });
  } catch {
    return jsonResponse({ status: "unavailable" }, { status: 503 });
  }
}
