import { field, read } from "./thrown-value.ts";

/** `NEXT_REDIRECT;replace;/login;307;` and `NEXT_HTTP_ERROR_FALLBACK;404`. */
const DIGEST = /^NEXT_(?:REDIRECT;.*;(\d{3});?|HTTP_ERROR_FALLBACK;(\d{3}))$/s;

/**
 * The HTTP status of what Next.js' `redirect()`, `notFound()`, `forbidden()` and `unauthorized()` throw: an answer, and no
 * failure. `undefined` for anything else. Never throws.
 */
export function nextStatusOf(thrown: unknown): number | undefined {
  if (read(() => thrown instanceof Error) !== true) return undefined;
  const digest = field(thrown, "digest");
  const found = typeof digest === "string" ? DIGEST.exec(digest) : null;
  return found === null ? undefined : Number(found[1] ?? found[2]);
}
