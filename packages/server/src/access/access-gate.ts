import { requireLocal } from "../gates/local-gate.ts";
import type { HandlerContext } from "../handler.ts";
import { Refusal } from "../http/refusal.ts";
import type { Settings } from "../settings.ts";
import { lowerOf, type RouteAccess, reaches } from "./access-level.ts";
import type { Auth, AuthResult } from "./auth.ts";
import type { SignIn } from "./sign-in.ts";

/** A request, and the access that its route requires. */
export interface AccessRequest {
  readonly request: Request;
  readonly context: HandlerContext;
  readonly needed: RouteAccess;
}

/** Finds out who calls, or refuses. */
export type AccessGate = (asked: AccessRequest) => Promise<AuthResult>;

/** What decides who gets in. */
export interface AccessRules extends Pick<Settings, "auth" | "access"> {
  /** Where callers need the token. */
  readonly signIn: SignIn | undefined;
}

const ANYONE: AuthResult = Object.freeze({ id: "anonymous", access: "public" });
/** Who has not signed in yet, and needs the page to do so. */
const PAGE_READER: AuthResult = Object.freeze({ id: "anonymous", access: "read" });

/** The gate before every handler. */
export function createAccessGate(rules: AccessRules): AccessGate {
  return async (asked) => {
    if (asked.needed === "public") return ANYONE;
    const needed = asked.needed === "page" ? "read" : asked.needed;
    const { id, access } = await identify(rules, asked);
    const caller: AuthResult = { id, access: lowerOf(access, rules.access) };
    if (reaches(caller.access, needed)) return caller;
    throw new Refusal({
      status: 403,
      code: "permission_denied",
      message: `This needs ${needed} access; "${id}" has ${caller.access} access here.`,
    });
  };
}

async function identify({ auth, signIn }: AccessRules, asked: AccessRequest): Promise<AuthResult> {
  const { request, context, needed } = asked;
  if (typeof auth === "function") {
    // The page itself asks for the key.
    if (needed === "page" && auth.signInPage !== undefined) return PAGE_READER;
    return ask(auth, request, context);
  }
  if (auth === "none") return { id: "anonymous", access: "admin" };
  if (auth !== "token") requireLocal(request, context);
  const caller: AuthResult = { id: auth === "token" ? "token" : "local", access: "admin" };
  if (signIn === undefined || (await signIn.isSignedIn(request))) return caller;
  if (needed === "page") return { ...caller, access: "read" };
  throw await signIn.refusal(request, context);
}

async function ask(auth: Auth, request: Request, context: HandlerContext): Promise<AuthResult> {
  const caller = await auth(request, context);
  if (caller !== null && caller !== undefined) return caller;
  throw new Refusal({
    status: 401,
    code: "unauthenticated",
    message: "No credentials, or wrong ones.",
    ...(auth.signInPage === undefined ? {} : { details: { token: "key" } }),
    ...(auth.challenge === undefined ? {} : { headers: { "www-authenticate": auth.challenge } }),
  });
}
