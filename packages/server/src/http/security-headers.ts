const ALWAYS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const UNLESS_SET: Readonly<Record<string, string>> = {
  "x-frame-options": "DENY",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/** The response with the headers that every response has, and without its body where only the head is wanted. */
export function secured(response: Response, method: string): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ALWAYS)) headers.set(name, value);
  for (const [name, value] of Object.entries(UNLESS_SET)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  const { status, statusText } = response;
  if (method !== "HEAD") return new Response(response.body, { status, statusText, headers });
  void response.body?.cancel();
  return new Response(null, { status, statusText, headers });
}
