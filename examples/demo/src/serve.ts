import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Express } from "express";

/** A listening app. */
export interface Served {
  /** Origin, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on the wished port, or on a free one when that is taken. */
export async function serve(
  app: Express,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Served> {
  const server = createServer(app);
  try {
    await listen(server, port, host);
  } catch (error) {
    if (!isTaken(error)) throw error;
    await listen(server, 0, host);
  }
  const { address, port: actual, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
