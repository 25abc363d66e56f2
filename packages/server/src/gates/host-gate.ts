import { Refusal } from "../http/refusal.ts";
import type { Settings } from "../settings.ts";

/** The host a request names, in lower case. */
export interface NamedHost {
  readonly hostname: string;
  /** With the port, when one is named. */
  readonly host: string;
}

const WELL_FORMED = /^((?:[a-z0-9_-]+\.)*[a-z0-9_-]+\.?|\[[0-9a-f:.]+\])(:\d{1,5})?$/;

/** The host that a request names; `undefined` when there is none, or no well-formed one. */
export function readHost(request: Request): NamedHost | undefined {
  const host = (request.headers.get("host") ?? new URL(request.url).host).toLowerCase();
  const [, hostname] = WELL_FORMED.exec(host) ?? [];
  return hostname === undefined ? undefined : { hostname, host };
}

/** The exact names and addresses of this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname === "[::1]" ||
    /^127(\.(0|[1-9]\d{0,2})){3}$/.test(hostname)
  );
}

/**
 * Refuses names that are not ours: a page on `evil.example` that rebinds its name to this server sends
 * `Host: evil.example`. Names are compared whole; patterns would let `10.evil.example` pass for `10.*`.
 */
export function createHostGate({
  auth,
  allowedHosts,
}: Pick<Settings, "auth" | "allowedHosts">): (request: Request) => void {
  const allowed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  // With credentials that a page of another name does not have, the name does not matter.
  const hasCredentials = typeof auth === "function" || auth === "token";
  const takesAny = hasCredentials && allowed.size === 0;
  return (request) => {
    const named = readHost(request);
    if (named === undefined) {
      throw new Refusal({
        status: 400,
        code: "invalid_argument",
        message: "The Host header is missing or malformed.",
      });
    }
    const { hostname, host } = named;
    if (takesAny || isLoopbackHost(hostname) || allowed.has(hostname) || allowed.has(host)) return;
    throw new Refusal({
      status: 421,
      code: "permission_denied",
      message: "This server is not known under that host name. Add it to `allowedHosts`.",
    });
  };
}
