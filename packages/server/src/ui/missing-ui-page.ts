/** For a source checkout in which the dashboard was not built. */
export function missingUiPage(): Response {
  const body =
    "<h1>The dashboard is not built</h1><p>Run <code>pnpm build</code> in Rivulet's workspace and start again. The API works: <code>api/v1/openapi.json</code>.";
  return new Response(`<!doctype html><meta charset="utf-8"><title>Rivulet</title>${body}`, {
    status: 503,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; script-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    },
  });
}
