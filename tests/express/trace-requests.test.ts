import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { createRivulet, type Rivulet, type Span } from "@rivulet/core";
import { traceErrors, traceRequests } from "@rivulet/express";
import type { RoutedRequest } from "@rivulet/server/node";
import type express5 from "express";
import type { ErrorRequestHandler } from "express";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { EXPRESS } from "./mounted-app.ts";

const WAIT = { timeout: 20_000 };
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

function aClient(): Rivulet {
  const rivulet = createRivulet({ store: "memory:" });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

async function serve(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function endedSpans(rivulet: Rivulet): Promise<readonly Span[]> {
  await rivulet.flush();
  const { items } = await rivulet.traces.search();
  const spans = (await Promise.all(items.map(({ id }) => rivulet.traces.loadSpans(id)))).flat();
  return spans.filter(({ status }) => status !== "in_progress");
}

/** The span of the only request, once it has ended. */
async function requestSpan(rivulet: Rivulet): Promise<Span> {
  return vi.waitFor(async () => {
    const [span, ...others] = (await endedSpans(rivulet)).filter(
      ({ attributes }) => attributes["http.request.method"] !== undefined,
    );
    if (span === undefined || others.length > 0) throw new Error("not one request has ended");
    return span;
  }, WAIT);
}

/** Begins a request and leaves once the answer has begun. */
function leaveEarly(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    httpRequest(url, (res) => {
      res.once("data", () => res.destroy());
      res.once("close", resolve);
    })
      .on("error", reject)
      .end();
  });
}

describe.each(EXPRESS)("%s", (_, express) => {
  /** An app with the middleware in front of `routes`. */
  async function anApp(
    routes: (app: ReturnType<typeof express5>, rivulet: Rivulet) => void,
    options: Parameters<typeof traceRequests>[1] = {},
  ): Promise<{ readonly rivulet: Rivulet; readonly url: string }> {
    const rivulet = aClient();
    const app = express();
    app.use(traceRequests(rivulet, options));
    app.use(express.json());
    routes(app, rivulet);
    // biome-ignore lint/complexity/useMaxParams: Express knows error handlers by their four parameters.
    const onError: ErrorRequestHandler = (_error, _req, res, _next) => {
      res.status(500).end("sorry");
    };
    app.use(onError);
    return { rivulet, url: await serve(app) };
  }

  test("names the span by the route, and hangs what the route does under it", async () => {
    const { rivulet, url } = await anApp((app, client) => {
      const router = express.Router();
      router.post("/chats/:id", async (_req, res) => {
        await client.withSpan("model", async () => "x");
        res.status(201).json({ ok: true });
      });
      app.use("/api", router);
    });
    await fetch(`${url}/api/chats/7?key=secret`, {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json", traceparent: TRACEPARENT },
    });
    const span = await requestSpan(rivulet);
    expect(span).toMatchObject({
      name: "POST /api/chats/:id",
      traceId: TRACE,
      parentId: "00f067aa0ba902b7",
      status: "ok",
      attributes: {
        "http.request.method": "POST",
        "url.path": "/api/chats/7",
        "http.route": "/api/chats/:id",
        "http.response.status_code": 201,
      },
    });
    const model = (await endedSpans(rivulet)).find(({ name }) => name === "model");
    expect(model?.parentId).toBe(span.id);
  });

  test("names the first route of a router without a slash at its end", async () => {
    const { rivulet, url } = await anApp((app) => {
      const router = express.Router();
      router.get("/", (_req, res) => void res.json([]));
      app.use("/chats", router);
    });
    await fetch(`${url}/chats`);
    expect(await requestSpan(rivulet)).toMatchObject({
      name: "GET /chats",
      attributes: { "http.route": "/chats" },
    });
  });

  test("calls status 500 an error, and what is not found no error", async () => {
    const { rivulet, url } = await anApp((app) => {
      app.get("/broken", (_req, _res, next) => next(new Error("boom")));
    });
    await fetch(`${url}/broken`);
    await vi.waitFor(async () => expect(await endedSpans(rivulet)).toHaveLength(1), WAIT);
    await fetch(`${url}/missing`);
    await vi.waitFor(async () => expect(await endedSpans(rivulet)).toHaveLength(2), WAIT);
    const facts = (await endedSpans(rivulet)).map(({ name, status, statusMessage }) => [
      name,
      status,
      statusMessage,
    ]);
    expect(new Set(facts)).toEqual(
      new Set([
        ["GET /broken", "error", "Answered with status 500."],
        ["GET /missing", "ok", undefined],
      ]),
    );
  });

  test("says what was thrown, where traceErrors is told, and what was sent all the same", async () => {
    const { rivulet, url } = await anApp((app) => {
      app.get("/broken", (_req, _res, next) => next(new TypeError("no such field")));
      app.use(traceErrors);
    });
    const answer = await fetch(`${url}/broken`);
    expect([answer.status, await answer.text()]).toEqual([500, "sorry"]);
    expect(await requestSpan(rivulet)).toMatchObject({
      name: "GET /broken",
      status: "error",
      statusMessage: "no such field",
      events: [{ name: "exception", attributes: { "exception.type": "TypeError" } }],
      attributes: { "http.response.status_code": 500 },
    });
  });

  test("does not call an error that was answered below status 500 one of the server", async () => {
    const { rivulet, url } = await anApp((app) => {
      app.get("/refused", (_req, _res, next) => next(new Error("not valid")));
      app.use(traceErrors);
      // biome-ignore lint/complexity/useMaxParams: Express knows error handlers by their four parameters.
      const refuse: ErrorRequestHandler = (_error, _req, res, _next) => void res.status(422).end();
      app.use(refuse);
    });
    await fetch(`${url}/refused`);
    expect(await requestSpan(rivulet)).toMatchObject({ status: "ok", events: [] });
  });

  test.each([
    [false, "The server broke off the answer."],
    [true, "the model has failed"],
  ])(
    "calls an answer that the server broke off an error (told what was thrown: %s)",
    async (isTold, statusMessage) => {
      const { rivulet, url } = await anApp((app) => {
        app.get("/stream", (_req, res, next) => {
          res.write("one", () => next(new Error("the model has failed")));
        });
        if (isTold) app.use(traceErrors);
        // biome-ignore lint/complexity/useMaxParams: Express knows error handlers by their four parameters.
        const breakOff: ErrorRequestHandler = (_error, req, _res, _next) =>
          void req.socket.destroy();
        app.use(breakOff);
      });
      await expect((await fetch(`${url}/stream`)).text()).rejects.toThrow("terminated");
      expect(await requestSpan(rivulet)).toMatchObject({ status: "error", statusMessage });
    },
  );

  test("lives until a streamed answer has ended", async () => {
    const order: string[] = [];
    const { rivulet, url } = await anApp((app, client) => {
      app.get("/stream", (_req, res) => {
        const span = client.activeSpan();
        res.write("one");
        setImmediate(() => {
          order.push(span?.ended === false ? "open" : "ended");
          res.end("two");
        });
      });
    });
    expect(await (await fetch(`${url}/stream`)).text()).toBe("onetwo");
    expect((await requestSpan(rivulet)).status).toBe("ok");
    expect(order).toEqual(["open"]);
  });

  test("calls a request cancelled whose client went away", async () => {
    const { rivulet, url } = await anApp((app) => {
      app.get("/stream", (_req, res) => {
        res.write("one");
      });
    });
    await leaveEarly(`${url}/stream`);
    expect(await requestSpan(rivulet)).toMatchObject({
      name: "GET /stream",
      status: "cancelled",
      statusMessage: "The client went away before the answer's end.",
    });
  });

  test("asks for session and user when the request comes, and when it is answered", async () => {
    type SignedIn = RoutedRequest & { userId?: string };
    const { rivulet, url } = await anApp(
      (app) => {
        app.use((req, _res, next) => {
          (req as unknown as SignedIn).userId = "u-1";
          next();
        });
        app.get("/", (_req, res) => {
          res.end("hello");
        });
      },
      {
        trace: (req) => {
          const { headers, userId } = req as SignedIn;
          const session = { sessionId: String(headers["x-session"]) };
          return userId === undefined ? session : { ...session, userId };
        },
      },
    );
    await fetch(`${url}/`, { headers: { "x-session": "s-1", baggage: "user.id=stranger" } });
    const { traceId } = await requestSpan(rivulet);
    const trace = await rivulet.traces.get(traceId);
    expect(trace).toMatchObject({ name: "GET /", sessionId: "s-1", userId: "u-1" });
  });

  test("leaves out what is ignored, follows nobody where that is not wanted, and takes names", async () => {
    const { rivulet, url } = await anApp(
      (app) => {
        app.get("/:any", (_req, res) => {
          res.end("hello");
        });
      },
      {
        ignore: ({ url: path }) => path === "/files",
        continueTraces: false,
        name: () => "mine",
      },
    );
    await fetch(`${url}/files`);
    await fetch(`${url}/page`, { headers: { traceparent: TRACEPARENT } });
    const span = await requestSpan(rivulet);
    expect(span.name).toBe("mine");
    expect(span.traceId).not.toBe(TRACE);
  });
});

test("is a listener of node:http, with the app as what comes next", async () => {
  const rivulet = aClient();
  const traced = traceRequests(rivulet);
  const url = await serve((req, res) => traced(req, res, () => res.writeHead(503).end()));
  await fetch(`${url}/jobs?x=1`);
  expect(await requestSpan(rivulet)).toMatchObject({ name: "GET /jobs", status: "error" });
});

test("an app that throws gets its error, and so does the span", async () => {
  const rivulet = aClient();
  const traced = traceRequests(rivulet);
  const caught: unknown[] = [];
  const url = await serve((req, res) => {
    try {
      traced(req, res, () => {
        throw new Error("boom");
      });
    } catch (error) {
      caught.push((error as Error).message);
      res.writeHead(500).end();
    }
  });
  await fetch(url);
  expect(await requestSpan(rivulet)).toMatchObject({ status: "error", statusMessage: "boom" });
  expect(caught).toEqual(["boom"]);
});

test("a function of the app that fails is reported, and the request goes on", async () => {
  const errors: string[] = [];
  const onError = (error: Error): number => errors.push(error.message);
  const rivulet = createRivulet({ store: "memory:", onError });
  onTestFinished(() => rivulet.close());
  const traced = traceRequests(rivulet, {
    trace: () => {
      throw new Error("no session");
    },
  });
  const url = await serve((req, res) => traced(req, res, () => res.end("hello")));
  expect(await (await fetch(url)).text()).toBe("hello");
  expect((await requestSpan(rivulet)).status).toBe("ok");
  expect(errors).toEqual(["no session"]);
});
