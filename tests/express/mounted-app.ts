import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { type MlopsMiddleware, type MlopsOptions, mlops } from "@rivulet/express";
import express5, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import express4 from "express4";
import { onTestFinished } from "vitest";
import { ask, type RawAnswer, type RawRequest } from "../server/raw-http.ts";

/** The Express versions that are promised. */
export const EXPRESS: readonly (readonly [string, typeof express5])[] = [
  ["Express 4", express4],
  ["Express 5", express5],
];

/** An app with Rivulet in it. */
export interface MountedApp {
  readonly app: Express;
  readonly port: number;
  readonly middleware: MlopsMiddleware;
  /** Sends a request as it is; `path` is the whole path. */
  ask(request: RawRequest): Promise<RawAnswer>;
}

/** What an app is made of. */
export interface AppPlan {
  readonly express: typeof express5;
  readonly rivulet: Rivulet;
  /** @default "/mlops" */
  readonly mount?: string;
  readonly options?: MlopsOptions;
  /** Middleware in front of Rivulet. */
  readonly before?: readonly RequestHandler[];
}

/** Starts an app, which is gone after the test. Errors that reach the host app are a 599. */
export async function aMountedApp(plan: AppPlan): Promise<MountedApp> {
  const { express, rivulet, mount = "/mlops", options = {}, before = [] } = plan;
  const app = express();
  // No test depends on whether the dashboard is built.
  const uiFolder = join(tmpdir(), "no-dashboard");
  // Where a token is given, it is asked for.
  const door: MlopsOptions = options.token === undefined ? { auth: "local" } : {};
  const middleware = mlops(rivulet, { uiFolder, ...door, ...options });
  for (const handler of before) app.use(handler);
  app.use(mount, middleware);
  // biome-ignore lint/complexity/useMaxParams: Express knows error handlers by their four parameters.
  const report: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) next(error);
    else response.status(599).end(String(error));
  };
  app.use(report);
  const server = app.listen(0, "127.0.0.1");
  onTestFinished(async () => {
    await middleware.close();
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { app, port, middleware, ask: (message) => ask(port, message) };
}

/** A client on a fresh store in memory, which several tests share. */
export function aSharedRivulet(errors: Error[] = []): Rivulet {
  return createRivulet({ store: "memory:", onError: (error) => errors.push(error) });
}
