import type { HandlerContext } from "../handler.ts";
import { Refusal } from "../http/refusal.ts";

// A URL parser resolves these and the host's router does not, so a guard on a sub-path could be bypassed.
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?=\/|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const FORBIDDEN = /[\\#\u0000-\u0020\u007f]|%00/;

/** Most characters of a URL, as in most servers that may stand in front. */
const LONGEST = 16_384;

/**
 * The path inside the mount, still percent-encoded; empty when the slash after the mount path is missing.
 *
 * @throws Refusal 400 for a path with tricks in it, 404 for one that is not inside
 */
export function pathInside(request: Request, { basePath, rawPath }: HandlerContext): string {
  const path = rawPath ?? new URL(request.url).pathname;
  if (!path.startsWith("/") || DOT_SEGMENT.test(path) || FORBIDDEN.test(path)) {
    throw new Refusal({
      status: 400,
      code: "invalid_argument",
      message: "The path has dot segments, backslashes, a # or control characters.",
    });
  }
  const base = basePath.replace(/\/+$/, "");
  const inside = path.slice(base.length);
  if (path.startsWith(base) && (inside === "" || inside.startsWith("/"))) return inside;
  throw new Refusal({ status: 404, code: "not_found", message: "This is outside the mount path." });
}

/** @throws Refusal 414 for an address that is too long */
export function checkLength({ url }: Request): void {
  if (url.length <= LONGEST) return;
  throw new Refusal({
    status: 414,
    code: "limit_exceeded",
    message: `The address has ${url.length} characters; ${LONGEST} is the most.`,
  });
}
