import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import type { HandlerContext } from "@rivulet/server";
import { type NodeListener, toNodeListener } from "@rivulet/server/node";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { aHandler, aRivulet } from "./api-client.ts";
import { ask, listen } from "./raw-http.ts";

const { rivulet, close } = aRivulet("memory:");
afterAll(close);

const handler = aHandler(rivulet, { maxBodyBytes: 100_000 });
const serve = (): Promise<number> => listen(toNodeListener(handler));

/** A handler that shows what reaches it. */
const mirror = (requests: Request[], contexts: HandlerContext[] = []): NodeListener =>
  toNodeListener(async (incoming, context) => {
    requests.push(incoming);
    contexts.push(context);
    return new Response("seen");
  });

describe("a request", () => {
  it("comes with its raw path, its peer and Node's own objects", async () => {
    const [requests, contexts]: [Request[], HandlerContext[]] = [[], []];
    const port = await listen(mirror(requests, contexts));
    await ask(port, { path: "/a%2Fb/%zz?x=1&x=2", headers: { host: "app.example:81" } });
    expect(requests[0]?.url).toBe("http://app.example:81/a%2Fb/%zz?x=1&x=2");
    expect(contexts[0]).toMatchObject({
      basePath: "",
      rawPath: "/a%2Fb/%zz",
      peerAddress: "127.0.0.1",
      native: { req: expect.anything(), res: expect.anything() },
    });
    expect(contexts[0]).not.toHaveProperty("body");
  });

  it("keeps headers that come twice", async () => {
    const requests: Request[] = [];
    const port = await listen(mirror(requests));
    await exchange(
      port,
      "GET / HTTP/1.1\r\nHost: a\r\nX-Tag: 1\r\nx-tag: 2\r\nConnection: close\r\n\r\n",
    );
    expect(requests[0]?.headers.get("x-tag")).toBe("1, 2");
  });

  it.each([
    ["a host with a path", "GET /api/v1/me HTTP/1.1\r\nHost: localhost/x", 400],
    ["a host with a user", "GET /api/v1/me HTTP/1.1\r\nHost: evil@localhost", 400],
    ["no host", "GET /api/v1/me HTTP/1.0", 421],
    ["a whole URL for a path", "GET http://localhost/api/v1/me HTTP/1.1\r\nHost: localhost", 400],
    ["a star for a path", "OPTIONS * HTTP/1.1\r\nHost: localhost", 400],
    ["TRACE", "TRACE / HTTP/1.1\r\nHost: localhost", 405],
    ["a method of its own", "PROPFIND / HTTP/1.1\r\nHost: localhost", 405],
    ["a dot segment", "GET /x/../api/v1/me HTTP/1.1\r\nHost: localhost", 400],
  ])("with %s is refused", async (_, head, status) => {
    const answer = await exchange(await serve(), `${head}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain("x-content-type-options: nosniff");
    expect(answer).toContain('{"error":{"code":');
  });

  it.each([
    ["/mlops/api/v1/me?x=1", "/api/v1/me?x=1"],
    ["/mlops", "/"],
    ["/mlops?x=/", "/?x=/"],
    ["/mlops/", "/"],
  ])(
    "%s that Connect hands over as %s is known to be under its mount",
    async (originalUrl, url) => {
      const contexts: HandlerContext[] = [];
      const mounted = mirror([], contexts);
      const port = await listen((req, res) =>
        mounted(Object.assign(req, { originalUrl, url }), res),
      );
      await ask(port, { path: "/ignored" });
      expect(contexts[0]).toMatchObject({
        basePath: "/mlops",
        rawPath: originalUrl.replace(/\?.*/, ""),
      });
    },
  );

  it.each([
    ["/old", "/new"],
    ["/a/b?x=1", "/b?x=2"],
  ])(
    "%s that somebody rewrote to %s is under no mount, and at its own address",
    async (originalUrl, url) => {
      const contexts: HandlerContext[] = [];
      const mounted = mirror([], contexts);
      const port = await listen((req, res) =>
        mounted(Object.assign(req, { originalUrl, url }), res),
      );
      await ask(port, { path: "/ignored" });
      expect(contexts[0]).toMatchObject({ basePath: "", rawPath: originalUrl.replace(/\?.*/, "") });
    },
  );

  it("is under the mount that the host names", async () => {
    const listener = toNodeListener(handler, { basePath: "/mlops/" });
    const port = await listen(listener);
    const headers = { host: "localhost" };
    expect((await ask(port, { path: "/mlops/api/v1/me", headers })).status).toBe(200);
    expect((await ask(port, { path: "/api/v1/me", headers })).status).toBe(404);
  });

  it("with an address of more than 16,384 characters is refused with JSON", async () => {
    const longest = `/health?${"x".repeat(16_384 - "http://localhost/health?".length)}`;
    const answer = async (path: string) => {
      const request = new Request(`http://localhost${path}`);
      return (await handler(request, { basePath: "", peerAddress: "127.0.0.1" })).status;
    };
    expect([await answer(longest), await answer(`${longest}x`)]).toEqual([200, 414]);
  });

  it("is not aborted once it is answered", async () => {
    const closed = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const listener = toNodeListener(async ({ signal }) => {
      signals.push(signal);
      return new Response("an answer");
    });
    const port = await listen((req, res) => {
      res.once("close", closed.resolve);
      listener(req, res);
    });
    await ask(port, { path: "/" });
    await closed.promise;
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it("is aborted when its client goes away", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const port = await listen(
      toNodeListener(async ({ signal }) => {
        signal.addEventListener("abort", () => resolve());
        client.destroy();
        await promise;
        return new Response("nobody reads this");
      }),
    );
    const client = request({ host: "127.0.0.1", port }).on("error", () => undefined);
    client.end();
    await promise;
  });
});

describe("a body", () => {
  it("is read in pieces", async () => {
    const port = await serve();
    const message = request({
      host: "127.0.0.1",
      port,
      path: "/api/v1/experiments",
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    message.write('{"name":');
    message.end('"pieces"}');
    const [response] = await once(message, "response");
    expect(JSON.parse(Buffer.concat(await response.toArray()).toString())).toMatchObject({
      name: "pieces",
    });
  });

  it("that says it is too long is refused before it is read", async () => {
    const head =
      "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{";
    const answer = await exchange(await serve(), head);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toMatch(/connection: close/i);
  });

  it("that grows too long is refused, and the connection ends", async () => {
    const port = await serve();
    const message = request({
      host: "127.0.0.1",
      port,
      path: "/api/v1/runs",
      method: "POST",
      headers: { "content-type": "application/json" },
    }).on("error", () => undefined);
    message.write(" ".repeat(200_000));
    const [response] = await once(message, "response");
    expect(response.statusCode).toBe(413);
    expect(response.headers.connection).toBe("close");
    message.destroy();
  });

  it("that nobody wanted does not hold up the next request of the connection", async () => {
    const port = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const statuses: unknown[] = [];
    for (const size of [10, 60_000, 10]) {
      const message = request({ host: "127.0.0.1", port, agent, path: "/nothing", method: "POST" });
      message.end(" ".repeat(size));
      const [response] = await once(message, "response");
      await response.toArray();
      statuses.push(response.statusCode);
    }
    expect(statuses).toEqual([404, 404, 404]);
  });
});

describe("a response", () => {
  it("keeps its cookies apart", async () => {
    const port = await listen(
      toNodeListener(async () => {
        const headers = new Headers([
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2; Path=/"],
        ]);
        return new Response(null, { status: 204, headers });
      }),
    );
    const { headers, status } = await ask(port, { path: "/" });
    expect({ status, cookies: headers["set-cookie"] }).toEqual({
      status: 204,
      cookies: ["a=1", "b=2; Path=/"],
    });
  });

  it("is made no faster than it is read, and stopped when its reader leaves", async () => {
    let made = 0;
    const { promise: cancelled, resolve: cancel } = Promise.withResolvers<void>();
    const body = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull(controller) {
          made += 1;
          controller.enqueue(new Uint8Array(65_536));
        },
        cancel: () => cancel(),
      });
    const port = await listen(toNodeListener(async () => new Response(body())));
    const client = connect(port, "127.0.0.1");
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(client, "readable");
    client.destroy();
    await cancelled;
    // 64 MiB is far more than the buffers of both ends.
    expect(made).toBeLessThan(1000);
  });

  it("of a handler that throws goes to next, or is a 500", async () => {
    const failing = toNodeListener(async () => {
      throw new Error("boom");
    });
    const told: unknown[] = [];
    const port = await listen((req, res) =>
      failing(req, res, (error) => {
        told.push(error);
        res.writeHead(599).end();
      }),
    );
    expect((await ask(port, { path: "/" })).status).toBe(599);
    expect(told).toEqual([new Error("boom")]);
    expect(await ask(await listen(failing), { path: "/" })).toMatchObject({
      status: 500,
      body: "",
    });
  });

  it("that breaks half way ends the connection", async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from("half")),
      pull: () => {
        throw new Error("boom");
      },
    });
    const port = await listen(toNodeListener(async () => new Response(broken)));
    const answer = await exchange(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(answer).not.toContain("0\r\n\r\n");
  });
});

it("works on HTTP/2", async () => {
  const server = createHttp2Server((req, res) =>
    toNodeListener(handler)(req as never, res as never),
  ).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
  });
  await once(server, "listening");
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => session.close());
  const stream = session.request({
    ":path": "/api/v1/experiments",
    ":method": "POST",
    "content-type": "application/json",
  });
  stream.end('{"name":"two"}');
  const [headers] = await once(stream, "response");
  const body = Buffer.concat(await stream.toArray()).toString();
  expect({ status: headers[":status"], ...JSON.parse(body) }).toMatchObject({
    status: 200,
    name: "two",
  });
});

it("serves plain Node servers", async () => {
  const server = createServer(toNodeListener(handler)).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/me`);
  expect(await response.json()).toEqual({ id: "local", access: "admin" });
});

/** Sends text over a socket, and gives back all that comes. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(text);
  const chunks = await socket.toArray().catch(() => []);
  return Buffer.concat(chunks).toString();
}
