import { timingSafeEqual } from "node:crypto";
import { RivuletError } from "@rivulet/core";
import { ACCESS_LEVELS, type AccessLevel } from "./access-level.ts";
import type { Auth, AuthResult } from "./auth.ts";
import { digestOf, readSecret, requireLongEnough } from "./secret.ts";

/** A key, and what its holder may do. */
export interface ApiKey {
  /** Name of the holder; not secret. */
  readonly id: string;
  /** The secret, 8 characters or more. */
  readonly key: string;
  /** What the holder may do; each level includes the ones below it. */
  readonly access: AccessLevel;
}

/** Options of {@link apiKeyAuth}. */
export interface ApiKeyAuthOptions {
  /** At least one key. Revoke a key by leaving it out. */
  readonly keys: readonly ApiKey[];
}

/**
 * Lets in who holds a key: programs send `Authorization: Bearer KEY`; a browser asks for a password, and the
 * key is the password, with any user name.
 *
 * @throws RivuletError `invalid_argument` for an empty list, a short key or an unknown access level
 */
export function apiKeyAuth({ keys }: ApiKeyAuthOptions): Auth {
  if (keys.length === 0) throw invalid("apiKeyAuth needs a key, or nobody gets in.");
  const known = keys.map(({ id, key, access }) => {
    requireLongEnough(key, `The key of "${id}"`);
    if (!ACCESS_LEVELS.includes(access)) {
      throw invalid(`The key of "${id}" has no access level: use ${ACCESS_LEVELS.join(", ")}.`);
    }
    return { digest: digestOf(key), caller: Object.freeze<AuthResult>({ id, access }) };
  });

  const authenticate = (request: Request): AuthResult | null => {
    const secret = readSecret(request.headers);
    if (secret === undefined) return null;
    const given = digestOf(secret);
    // Every key is compared, so that timing reveals nothing.
    const matches = known.filter((entry) => timingSafeEqual(entry.digest, given));
    return matches[0]?.caller ?? null;
  };
  return Object.assign(authenticate, { challenge: 'Basic realm="Rivulet", charset="UTF-8"' });
}

function invalid(message: string): RivuletError {
  return new RivuletError("invalid_argument", message);
}
