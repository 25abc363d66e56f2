import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server in front makes of a path: another one, or a redirect. */
export type Rewrite = (path: string) => { readonly path: string } | { readonly location: string };

/** How a proxy changes what it passes on. */
export interface ProxyChanges {
  readonly rewrite: Rewrite;
  /** Sends the app's own name instead of the one that the browser asked for, as nginx does by default. */
  readonly renamesHost?: boolean;
}

/** A proxy in front of an app. */
export interface RunningProxy {
  readonly port: number;
  readonly origin: string;
  close(): void;
}

/** Starts a proxy in front of the app at this origin. */
export async function startProxy(
  origin: string,
  { rewrite, renamesHost = false }: ProxyChanges,
): Promise<RunningProxy> {
  const { host: appHost, port: appPort } = new URL(origin);
  const server = createServer((incoming, outgoing) => {
    const { pathname, search } = new URL(incoming.url ?? "", origin);
    const rewritten = rewrite(pathname);
    if ("location" in rewritten) {
      outgoing.writeHead(308, { location: rewritten.location + search }).end();
      return;
    }
    const { method } = incoming;
    const headers = { ...incoming.headers, ...(renamesHost ? { host: appHost } : {}) };
    const path = rewritten.path + search;
    const to = { host: "127.0.0.1", port: appPort, method, path, headers };
    const passed = request(to, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    // Either side may go before the answer is there, as when a page is left while it asks.
    outgoing.on("close", () => passed.destroy());
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { port, origin: `http://127.0.0.1:${port}`, close };
}
