/** Headers in which providers, clouds and gateways say which request it was, the likeliest first. */
const HEADERS = [
  "x-request-id",
  "request-id",
  "x-amzn-requestid",
  "apim-request-id",
  "x-goog-request-id",
] as const;

/**
 * The id that a provider gave a request, by the headers of its answer: `Headers`, or an object with names in lower case.
 * Never throws.
 */
export function requestIdIn(headers: unknown): string | undefined {
  for (const name of HEADERS) {
    const id = headerOf(headers, name);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Headers in which Cloudflare, Portkey and Helicone say that their cache has answered. */
const CACHES = ["cf-aig-cache-status", "x-portkey-cache-status", "helicone-cache"] as const;

/**
 * Whether a gateway's cache has given an answer, which then costs nothing, by its headers: `Headers`, or an object with
 * names in lower case. Never throws.
 */
export function isCacheHit(headers: unknown): boolean {
  return CACHES.some((name) => /^hit$/i.test(headerOf(headers, name) ?? ""));
}

function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  try {
    const get: unknown = Reflect.get(headers, "get");
    const value: unknown =
      typeof get === "function" ? Reflect.apply(get, headers, [name]) : Reflect.get(headers, name);
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}
