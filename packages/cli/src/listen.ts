import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isIPv6 } from "node:net";
import { setImmediate } from "node:timers/promises";
import { messageOf } from "@rivulet/core";

/** Where to listen. */
export interface Address {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
}

/** Starts listening. @returns the URL to open in a browser @throws with a sentence that says what to do */
export async function listen(server: Server, { host, port }: Address): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new Error(explain(error, { host, port }), { cause: error });
  }
  const { port: actual } = server.address() as AddressInfo;
  return `http://${urlHost(host)}:${actual}/`;
}

/** Stops listening and closes open connections once pending responses are sent. */
export async function stopListening(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await setImmediate();
  server.closeAllConnections();
  await closed;
}

/** `true` for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return isIPv6(host) ? `[${host}]` : host;
}

function explain(error: unknown, { host, port }: Address): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host} is in use. Choose another with --port, or --port 0 for any free one.`;
  }
  if (code === "EACCES") return `Port ${port} is not allowed for this user. Choose one above 1023.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return `This machine has no address ${host}. Choose another with --host.`;
  }
  return `Cannot listen on ${host}:${port}: ${messageOf(error)}`;
}
