import { hash, timingSafeEqual } from "node:crypto";
import { RivuletError } from "@rivulet/core";

const SHORTEST = 8;

/** The secret that a program sends: `Authorization: Bearer SECRET`, or the password of `Basic`, with any user name. */
export function readSecret(headers: Headers): string | undefined {
  const header = headers.get("authorization") ?? "";
  const [, scheme = "", value = ""] = /^([a-z]+) +(\S+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const pair = Buffer.from(value, "base64").toString();
  const colon = pair.indexOf(":");
  return colon === -1 ? undefined : pair.slice(colon + 1);
}

/** A digest of a secret. All have the same length, as a constant-time comparison needs. */
export function digestOf(secret: string): Buffer {
  return hash("sha256", secret, "buffer");
}

/** Whether two secrets are the same, compared in constant time. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digestOf(a), digestOf(b));
}

/** @throws RivuletError `invalid_argument` for a secret that could be guessed; `what` begins the sentence */
export function requireLongEnough(secret: string, what: string): void {
  if (secret.length >= SHORTEST) return;
  throw new RivuletError(
    "invalid_argument",
    `${what} is too short: ${SHORTEST} characters are the least.`,
  );
}
