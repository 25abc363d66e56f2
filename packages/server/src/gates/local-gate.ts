import type { HandlerContext } from "../handler.ts";
import { Refusal } from "../http/refusal.ts";
import { isLoopbackHost, readHost } from "./host-gate.ts";

/** What proxies, load balancers and content networks add to a request. Names that begin so count as well. */
const ADDED_BY_PROXIES: readonly string[] = [
  "forwarded",
  "x-forward",
  "x-original-",
  "x-real-ip",
  "via",
  "cdn-loop",
  "akamai-origin-hop",
  "ali-cdn-real-ip",
  "cf-connecting-ip",
  "cf-ray",
  "cf-visitor",
  "client-ip",
  "do-connecting-ip",
  "fastly-client-ip",
  "fly-client-ip",
  "front-end-https",
  "incap-client-ip",
  "proxy-client-ip",
  "true-client-ip",
  "wl-proxy-client-ip",
  "x-amzn-trace-id",
  "x-appengine-user-ip",
  "x-arr-log-id",
  "x-azure-clientip",
  "x-azure-socketip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-envoy-external-address",
  "x-nf-client-connection-ip",
  "x-nginx-proxy",
  "x-originating-ip",
  "x-proxyuser-ip",
  "x-remote-addr",
  "x-remote-ip",
  "x-scheme",
  "x-sucuri-clientip",
  "x-url-scheme",
];

/**
 * Lets only this very machine in. A proxy on it makes everyone look local, and not every proxy says that it is one:
 * this alone is no protection.
 *
 * @throws Refusal 403
 */
export function requireLocal(request: Request, context: HandlerContext): void {
  const host = readHost(request);
  const isLocal =
    isLoopbackPeer(context.peerAddress ?? "") &&
    host !== undefined &&
    isLoopbackHost(host.hostname) &&
    !wasForwarded(request.headers, context);
  if (isLocal) return;
  throw new Refusal({
    status: 403,
    code: "permission_denied",
    message:
      "No auth is set up, so only this machine gets in, and not through a proxy. Give the handler an `auth`: 'token' admits whoever has the token, from anywhere.",
  });
}

function isLoopbackPeer(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(address);
}

/** Whether a proxy sent this on, and let it show. No current browser or client sends HTTP/1.0; nginx does by default. */
export function wasForwarded(headers: Headers, { httpVersion }: HandlerContext): boolean {
  if (httpVersion === "1.0" || httpVersion === "0.9") return true;
  return [...headers.keys()].some((name) =>
    ADDED_BY_PROXIES.some((added) => name.startsWith(added)),
  );
}
