import { createHmac } from "node:crypto";

const KEPT_SECONDS = 30 * 24 * 60 * 60;

/** The cookie of a page that has signed in. */
export interface SignInCookie {
  readonly name: string;
  readonly value: string;
  /** Whether it outlives the browser. */
  readonly isLasting: boolean;
}

/** What a page gets for a secret: derived from it, so that it outlives the process without being the secret. */
export function cookieOf(secret: string): string {
  return createHmac("sha256", secret).update("cookie").digest("base64url");
}

/** `Set-Cookie` without `Path`: a browser takes the folder of the route, which is the mount as the browser sees it. */
export function signInCookie(request: Request, { name, value, isLasting }: SignInCookie): string {
  const parts = [
    `${name}=${value}`,
    "HttpOnly",
    "SameSite=Strict",
    ...(isLasting ? [`Max-Age=${KEPT_SECONDS}`] : []),
    ...(isEncrypted(request) ? ["Secure"] : []),
  ];
  return parts.join("; ");
}

/** `Set-Cookie` that takes the cookie away. */
export function noCookie(name: string): string {
  return `${name}=; HttpOnly; SameSite=Strict; Max-Age=0`;
}

/** Values of the cookies with a name; those of other paths come with them. */
export function readCookies({ headers }: Request, name: string): readonly string[] {
  const cookies = (headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  return cookies
    .filter((cookie) => cookie.startsWith(`${name}=`))
    .map((cookie) => cookie.slice(name.length + 1));
}

/** The header is trusted only here: all that forging it achieves is a stricter cookie. */
function isEncrypted({ url, headers }: Request): boolean {
  return url.startsWith("https:") || headers.get("x-forwarded-proto") === "https";
}
