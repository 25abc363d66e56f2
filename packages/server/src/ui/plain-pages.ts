import { hash } from "node:crypto";

// With `location.origin` in front, a path such as `//evil.example` stays on this host.
const ADD_SLASH =
  "location.replace(location.origin+location.pathname+'/'+location.search+location.hash)";

/**
 * For the mount path without its slash, where relative URLs would miss the mount. A script, because behind a
 * proxy that rewrites paths the server does not know the address that the browser sees.
 */
export function slashPage(): Response {
  return page(
    `<script>${ADD_SLASH}</script><p>The address of the dashboard ends with a slash.`,
    `script-src 'sha256-${hash("sha256", ADD_SLASH, "base64")}'`,
  );
}

/** For a source checkout in which the dashboard was not built. */
export function missingUiPage(): Response {
  return page(
    "<h1>The dashboard is not built</h1><p>Run <code>pnpm build</code> in Rivulet's workspace and start again. The API works: <code>api/v1/openapi.json</code>.",
    "script-src 'none'",
    503,
  );
}

function page(body: string, scripts: string, status = 200): Response {
  return new Response(`<!doctype html><meta charset="utf-8"><title>Rivulet</title>${body}`, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; ${scripts}; base-uri 'none'; frame-ancestors 'none'`,
    },
  });
}
