import { hash, timingSafeEqual } from "node:crypto";
import type { AccessLevel, AuthResult } from "@rivulet/server";

/**
 * Lets in who knows the token: programs send `Authorization: Bearer TOKEN`, browsers ask for a password.
 */
export function tokenAuth(
  token: string,
  access: AccessLevel,
): (request: Request) => AuthResult | undefined {
  const wanted = digest(token);
  return (request) => {
    const given = readToken(request.headers.get("authorization") ?? "");
    const isKnown = given !== undefined && timingSafeEqual(digest(given), wanted);
    return isKnown ? { id: "token", access } : undefined;
  };
}

/** Digests have one length, so the comparison tells nothing about the token. */
function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

function readToken(header: string): string | undefined {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+)$/.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const pair = Buffer.from(value, "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
}
