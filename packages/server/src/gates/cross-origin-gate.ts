import { Refusal } from "../http/refusal.ts";
import type { Settings } from "../settings.ts";
import { readHost } from "./host-gate.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what pages of other origins send: the algorithm of Go's CrossOriginProtection for changes, and the
 * same by `Sec-Fetch-Site` for reads, except for links that are followed. Browsers cannot forge these
 * headers; programs do not send them.
 */
export function createCrossOriginGate({
  trustedOrigins,
}: Pick<Settings, "trustedOrigins">): (request: Request) => void {
  const trusted = new Set(trustedOrigins.map((origin) => origin.toLowerCase()));
  return (request) => {
    const origin = request.headers.get("origin")?.toLowerCase();
    if (origin !== undefined && trusted.has(origin)) return;
    if (isFromOwnPage(request, origin)) return;
    if (SAFE_METHODS.has(request.method) && isFollowedLink(request.headers)) return;
    throw new Refusal({
      status: 403,
      code: "permission_denied",
      message: `This request comes from a page of ${origin ?? "another origin"}, and was sent to ${readHost(request)?.host}. If a proxy is in front, let it pass the Host header on; else add the origin to \`trustedOrigins\`.`,
    });
  };
}

/** From a page of ours, from the address bar, or from no page at all. */
function isFromOwnPage(request: Request, origin: string | undefined): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  return SAFE_METHODS.has(request.method) || origin === undefined || isOwn(origin, request);
}

/** Plain-HTTP origins send no `Sec-Fetch-Site`; their `Origin` must be the host they talk to. */
function isOwn(origin: string, request: Request): boolean {
  try {
    return new URL(origin).host === readHost(request)?.host;
  } catch {
    return false;
  }
}

function isFollowedLink(headers: Headers): boolean {
  return (
    headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document"
  );
}
