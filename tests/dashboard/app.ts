import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { type MlopsOptions, mlops } from "@rivulet/express";
import express from "express";

/** An app that serves the dashboard of a store in memory. */
export interface DashboardApp {
  readonly rivulet: Rivulet;
  /** Such as `http://127.0.0.1:41123`. */
  readonly origin: string;
  /** The dashboard's address, with its slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Mounts the dashboard on Express 5, on a free port of this machine, which asks for a token where one is given. */
export async function startApp(
  mountPath = "/mlops",
  options: MlopsOptions = {},
  rivulet: Rivulet = createRivulet({ store: "memory:" }),
): Promise<DashboardApp> {
  const middleware = mlops(
    rivulet,
    options.token === undefined ? { auth: "local", ...options } : options,
  );
  const server = express().use(mountPath, middleware).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    rivulet,
    origin,
    url: `${origin}${mountPath}/`,
    close: async () => {
      await middleware.close();
      server.closeAllConnections();
      server.close();
      await rivulet.close();
    },
  };
}
