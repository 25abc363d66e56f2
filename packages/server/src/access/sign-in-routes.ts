import { readJson, requireJsonType } from "../http/json-body.ts";
import { jsonResponse } from "../http/json-response.ts";
import { Refusal } from "../http/refusal.ts";
import type { Call, Route } from "../router.ts";
import { noCookie, readCookies } from "./sign-in-cookie.ts";

/** How a secret becomes the cookie of a page. */
export interface SignInPage {
  /** What is said of a secret that is none. */
  readonly wrong: string;
  /** `Set-Cookie` for a secret; `undefined` for a wrong one. */
  cookieFor(secret: string, request: Request): Promise<string | undefined>;
  /** Name of the cookie. */
  nameFor(request: Request): Promise<string>;
}

/** Directly under the mount, so that the cookie is for the whole mount without knowing where that is. */
const PATH = "/sign-in";
const MAX_BODY_BYTES = 4096;

/** Where a page brings its secret, asks whether it is in, and signs out. */
export function signInRoutes(page: SignInPage): readonly Route[] {
  return [
    {
      method: "POST",
      path: PATH,
      access: "page",
      handle: async (call) => answerSignIn(call, page),
    },
    {
      method: "DELETE",
      path: PATH,
      access: "page",
      handle: async ({ request }) => noContent(noCookie(await page.nameFor(request))),
    },
    {
      method: "GET",
      path: PATH,
      access: "read",
      handle: async ({ request }) => {
        const cookies = readCookies(request, await page.nameFor(request));
        return jsonResponse({ canSignOut: cookies.length > 0 });
      },
    },
  ];
}

/** Tells a page that there is nothing to sign in to or out of. */
export const signedInRoute: Route = {
  method: "GET",
  path: PATH,
  access: "read",
  handle: () => jsonResponse({ canSignOut: false }),
};

async function answerSignIn({ request, context }: Call, page: SignInPage): Promise<Response> {
  requireJsonType(request);
  const body = await readJson(request, { limit: MAX_BODY_BYTES, context });
  const given = typeof body === "object" && body !== null && "token" in body ? body.token : "";
  const cookie = typeof given === "string" ? await page.cookieFor(given, request) : undefined;
  if (cookie !== undefined) return noContent(cookie);
  throw new Refusal({ status: 401, code: "unauthenticated", message: page.wrong });
}

function noContent(cookie: string): Response {
  return new Response(null, { status: 204, headers: { "set-cookie": cookie } });
}
