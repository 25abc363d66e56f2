import { hash, timingSafeEqual } from "node:crypto";
import { RivuletError } from "@rivulet/core";
import { ACCESS_LEVELS, type AccessLevel } from "./access-level.ts";
import type { Auth, AuthResult } from "./auth.ts";
import { digestOf, isSameSecret, readSecret, requireLongEnough } from "./secret.ts";
import { cookieOf, readCookies, signInCookie } from "./sign-in-cookie.ts";
import type { SignInPage } from "./sign-in-routes.ts";

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
 * Lets in who holds a key: programs send `Authorization: Bearer KEY`, or Basic authentication with the key as the
 * password; the dashboard asks for the key on a page of its own, and gets a cookie for it.
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
    const caller = Object.freeze<AuthResult>({ id, access });
    const value = cookieOf(key);
    // Of the key: cookies ignore ports, and the keys of others come and go.
    const name = `rivulet-${hash("sha256", value).slice(0, 12)}`;
    return { digest: digestOf(key), cookie: { name, value, isLasting: true }, caller };
  });
  type Known = (typeof known)[number];

  const withKey = (secret: string): Known | undefined => {
    const given = digestOf(secret);
    // Every key is compared, so that timing reveals nothing.
    return known.filter(({ digest }) => timingSafeEqual(digest, given))[0];
  };
  const withCookie = (request: Request): Known | undefined =>
    known.find(({ cookie: { name, value } }) =>
      readCookies(request, name).some((given) => isSameSecret(given, value)),
    );
  const authenticate = (request: Request): AuthResult | null => {
    const secret = readSecret(request.headers);
    const found = secret === undefined ? withCookie(request) : withKey(secret);
    return found?.caller ?? null;
  };
  const signInPage: SignInPage = {
    wrong: "This is none of the keys of this Rivulet.",
    cookieFor: async (secret, request) => {
      const found = withKey(secret);
      return found === undefined ? undefined : signInCookie(request, found.cookie);
    },
    nameFor: async (request) => (withCookie(request) ?? known[0])?.cookie.name ?? "",
  };
  // Not `Basic`: browsers would ask for a password, even for the page's own requests.
  return Object.assign(authenticate, { challenge: 'Bearer realm="Rivulet"', signInPage });
}

function invalid(message: string): RivuletError {
  return new RivuletError("invalid_argument", message);
}
