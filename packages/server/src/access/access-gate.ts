import { isLoopbackHost, readHost } from "../gates/host-gate.ts";
import type { HandlerContext } from "../handler.ts";
import { Refusal } from "../http/refusal.ts";
import type { Settings } from "../settings.ts";
import { type AccessLevel, lowerOf, reaches } from "./access-level.ts";
import type { AuthResult } from "./auth.ts";

/** One request, and what its route asks for. */
export interface AccessRequest {
  readonly request: Request;
  readonly context: HandlerContext;
  readonly needed: AccessLevel;
}

/** Finds out who calls, or refuses. */
export type AccessGate = (asked: AccessRequest) => Promise<AuthResult>;

const ANYONE: AuthResult = Object.freeze({ id: "anonymous", access: "public" });

/** The gate before every handler. */
export function createAccessGate(settings: Pick<Settings, "auth" | "access">): AccessGate {
  return async ({ request, context, needed }) => {
    if (needed === "public") return ANYONE;
    const { id, access } = await identify(settings, request, context);
    const caller: AuthResult = { id, access: lowerOf(access, settings.access) };
    if (reaches(caller.access, needed)) return caller;
    throw new Refusal({
      status: 403,
      code: "permission_denied",
      message: `This needs ${needed} access; "${id}" has ${caller.access} access here.`,
    });
  };
}

async function identify(
  { auth }: Pick<Settings, "auth">,
  request: Request,
  context: HandlerContext,
): Promise<AuthResult> {
  if (auth === "none") return { id: "anonymous", access: "admin" };
  if (auth === undefined) return requireLocal(request, context);
  const caller = await auth(request, context);
  if (caller !== null && caller !== undefined) return caller;
  throw new Refusal({
    status: 401,
    code: "unauthenticated",
    message: "No credentials, or wrong ones.",
    ...(auth.challenge === undefined ? {} : { headers: { "www-authenticate": auth.challenge } }),
  });
}

/** Without auth only this very machine gets in; a proxy on it would make everyone look local. */
function requireLocal(request: Request, { peerAddress = "" }: HandlerContext): AuthResult {
  const host = readHost(request);
  const isLocal =
    isLoopbackPeer(peerAddress) &&
    host !== undefined &&
    isLoopbackHost(host.hostname) &&
    !wasForwarded(request.headers);
  if (isLocal) return { id: "local", access: "admin" };
  throw new Refusal({
    status: 403,
    code: "permission_denied",
    message:
      "No auth is set up, so only this machine gets in, and not through a proxy. Give the handler an `auth`.",
  });
}

function isLoopbackPeer(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(address);
}

function wasForwarded(headers: Headers): boolean {
  for (const name of headers.keys()) {
    if (name === "forwarded" || name === "via" || name === "x-real-ip") return true;
    if (name.startsWith("x-forwarded-")) return true;
  }
  return false;
}
