import { hash } from "node:crypto";
import type { Rivulet } from "@rivulet/core";
import { isLoopbackHost, readHost } from "../gates/host-gate.ts";
import { wasForwarded } from "../gates/local-gate.ts";
import type { HandlerContext } from "../handler.ts";
import { Refusal } from "../http/refusal.ts";
import type { Route } from "../router.ts";
import type { Settings } from "../settings.ts";
import { isSameSecret, readSecret } from "./secret.ts";
import { cookieOf, readCookies, signInCookie } from "./sign-in-cookie.ts";
import { signInRoutes } from "./sign-in-routes.ts";
import { createToken, type Token } from "./token.ts";

/** How callers prove that they have the token. */
export interface SignIn {
  /** Whether the request carries the token, or the cookie that the page received for it. */
  isSignedIn(request: Request): Promise<boolean>;
  /** The answer to everyone else. The first one also prints the sign-in address for whoever runs the app. */
  refusal(request: Request, context: HandlerContext): Promise<Refusal>;
  /** Where the page posts the token, and gives its cookie back. */
  readonly routes: readonly Route[];
  /** The address of the dashboard, with the token after `#`. */
  urlFor(address: string): Promise<string>;
}

/** Signing in with the token of a client's store. */
export function createSignIn(rivulet: Rivulet, { token: given }: Pick<Settings, "token">): SignIn {
  const token = createToken({ rivulet, given });
  let isAnnounced = false;

  const urlFor = async (address: string): Promise<string> => {
    isAnnounced = true;
    return withToken(address, await token());
  };
  return {
    urlFor,
    isSignedIn: async (request) => brings(request, await token()),
    refusal: async (request, context) => {
      const found = await token();
      const address = addressOf(request, context);
      if (!isAnnounced) announce(isLocalName(request) ? address : undefined, found);
      isAnnounced = true;
      return missingToken(address, found);
    },
    routes: signInRoutes({
      wrong: "This is not the token of this Rivulet.",
      cookieFor: async (secret, request) => {
        const found = await token();
        return isSameSecret(secret, found.secret) ? cookieFor(request, found) : undefined;
      },
      nameFor: async (request) => cookieName(request, await token()),
    }),
  };
}

function brings(request: Request, token: Token): boolean {
  const secret = readSecret(request.headers);
  if (secret !== undefined && isSameSecret(secret, token.secret)) return true;
  return readCookies(request, cookieName(request, token)).some((value) =>
    isSameSecret(value, cookieOf(token.secret)),
  );
}

function cookieFor(request: Request, token: Token): string {
  // A token that lives only as long as the process gets a session cookie.
  const isLasting = token.origin !== "process";
  return signInCookie(request, {
    name: cookieName(request, token),
    value: cookieOf(token.secret),
    isLasting,
  });
}

/**
 * Cookies ignore ports, so two Rivulets on one machine need two names. A lasting token is part of the name; with a
 * token of the process the port is, so that restarts do not pile up cookies in the browser.
 */
function cookieName(request: Request, { secret, origin }: Token): string {
  const port = /:(\d+)$/.exec(readHost(request)?.host ?? "")?.[1] ?? "";
  const identity = origin === "process" ? `port ${port}` : `token ${secret}`;
  return `rivulet-${hash("sha256", identity).slice(0, 12)}`;
}

/** The dashboard's address; `undefined` behind a proxy, whose callers know it by another. */
function addressOf({ url, headers }: Request, context: HandlerContext): string | undefined {
  if (wasForwarded(headers, context)) return undefined;
  return `${new URL(url).origin}${context.basePath}`;
}

function withToken(address: string, { secret }: Token): string {
  return `${address.replace(/\/*$/, "/")}#token=${encodeURIComponent(secret)}`;
}

/** The command that opens the dashboard, quoted where a shell would interpret it. */
function commandFor(address = "ADDRESS"): string {
  const isPlain = /^[\w:/.~[\]-]+$/.test(address);
  return `npx -y rivulet open ${isPlain ? address : `'${address.replaceAll("'", "%27")}'`}`;
}

function isLocalName(request: Request): boolean {
  return isLoopbackHost(readHost(request)?.hostname ?? "");
}

/** Strangers choose the name in their request, and would be sent the token by whoever follows the link: it is not printed. */
function announce(address: string | undefined, token: Token): void {
  process.stderr.write(`Rivulet needs its token. To sign in, ${wayIn(address, token)}\n`);
}

function wayIn(address: string | undefined, token: Token): string {
  if (token.origin === "given") {
    return `run: ${commandFor(address)}`;
  }
  if (address !== undefined) return `open: ${withToken(address, token)}`;
  return `open the dashboard with this after its address: ${withToken("", token).slice(1)}`;
}

/** Not `Basic`: browsers would ask for a password, even for the page's own requests. */
function missingToken(address: string | undefined, { origin }: Token): Refusal {
  const command = commandFor(address);
  return new Refusal({
    status: 401,
    code: "unauthenticated",
    message: `The token is missing or wrong. To sign in from a browser, run: ${command}. Programs send "Authorization: Bearer TOKEN", or the token as the password of Basic authentication.`,
    headers: { "www-authenticate": 'Bearer realm="Rivulet"' },
    details: { command, token: origin },
  });
}
