import type { HandlerContext } from "../handler.ts";
import type { AccessLevel } from "./access-level.ts";

/** Who calls, and what they may do. */
export interface AuthResult {
  /** User, key or service: it is kept as the source of what they judge. */
  readonly id: string;
  /** What the caller may do; never more than the handler's own `access` allows. */
  readonly access: AccessLevel;
}

/** Says who calls; `null` or `undefined` for nobody that is known. A throw is a 500, never a way in. */
export interface Auth {
  (
    request: Request,
    context: HandlerContext,
  ): AuthResult | null | undefined | Promise<AuthResult | null | undefined>;
  /** `WWW-Authenticate` of the 401, such as `Basic realm="…"`, with which a browser asks for a password. */
  readonly challenge?: string;
}
