import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { type MlopsOptions, mlops } from "@rivulet/express";
import express from "express";
import { expect, it, onTestFinished } from "vitest";

const TRACE = "5b8efff798038103d269b633813fc60c";
const REQUEST = {
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              traceId: TRACE,
              spanId: "00000000000000a1",
              name: "work",
              startTimeUnixNano: "1798761600000000000",
              endTimeUnixNano: "1798761601000000000",
            },
          ],
        },
      ],
    },
  ],
};

interface Sent {
  readonly rivulet: Rivulet;
  readonly response: Response;
}

/** Sends spans to a mount in an app. */
async function send(options: MlopsOptions, path = "/v1/traces"): Promise<Sent> {
  const rivulet = createRivulet({ store: "memory:" });
  const mount = mlops(rivulet, { auth: "none", ...options });
  const app = express();
  app.use(express.json());
  app.use("/mlops", mount);
  const server = createServer(app).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await mount.close();
    await rivulet.close();
  });
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/mlops${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(REQUEST),
  });
  return { rivulet, response };
}

it.each(["/v1/traces", "/v1/traces/", "/api/public/otel/v1/traces"])(
  "takes spans at %s, even behind the app's own parser",
  async (path) => {
    const { rivulet, response } = await send({}, path);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    await rivulet.flush();
    expect((await rivulet.traces.get(TRACE)).name).toBe("work");
  },
);

it("takes the package from who bundles the app", async () => {
  const { response } = await send({ otlp: () => import("@rivulet/otel") });
  expect(response.status).toBe(200);
});

it("puts traces into the experiment that is given", async () => {
  const { rivulet } = await send({ otlp: { experiment: "elsewhere" } });
  await rivulet.flush();
  const { experimentId } = await rivulet.traces.get(TRACE);
  expect((await rivulet.experiments.get(experimentId)).name).toBe("elsewhere");
});

it("answers what to install where the package is missing", async () => {
  const missing = Object.assign(new Error("Cannot find package '@rivulet/otel'"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  const { response } = await send({ otlp: () => Promise.reject(missing) });
  expect([response.status, await response.json()]).toEqual([
    501,
    { message: "OTLP needs a package that is not installed: npm install @rivulet/otel" },
  ]);
});

it("has no such path when it is not wanted", async () => {
  expect((await send({ otlp: false })).response.status).toBe(404);
});

it("takes nothing from who may only read", async () => {
  const { rivulet, response } = await send({ auth: () => ({ id: "reader", access: "read" }) });
  expect(response.status).toBe(403);
  expect(await rivulet.traces.count()).toBe(0);
});
