import type { HandlerContext } from "../handler.ts";
import type { AccessLevel } from "./access-level.ts";
import type { SignInPage } from "./sign-in-routes.ts";

/** Who calls, and what they may do. */
export interface AuthResult {
  /** User, key or service; recorded as the source of their assessments. */
  readonly id: string;
  /** What the caller may do; never more than the handler's own `access` allows. */
  readonly access: AccessLevel;
}

/** Identifies the caller; `null` or `undefined` when unknown. If it throws, the answer is 500 and nobody gets in. */
export interface Auth {
  (
    request: Request,
    context: HandlerContext,
  ): AuthResult | null | undefined | Promise<AuthResult | null | undefined>;
  /** `WWW-Authenticate` of the 401, such as `Basic realm="…"`, with which a browser asks for a password. */
  readonly challenge?: string;
  /**
   * How the dashboard signs in by a page of its own, where this auth takes the cookie that it gives. Its files are then
   * public.
   */
  readonly signInPage?: SignInPage;
}
