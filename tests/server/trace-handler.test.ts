import { createRivulet, type Rivulet, type Span } from "@rivulet/core";
import { traceHandler } from "@rivulet/server";
import { expect, onTestFinished, test } from "vitest";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const ADDRESS = "http://app.example/chats/7?key=secret";

function aClient(): Rivulet {
  const rivulet = createRivulet({ store: "memory:" });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

async function spans(rivulet: Rivulet): Promise<readonly Span[]> {
  await rivulet.flush();
  const { items } = await rivulet.traces.search();
  return (await Promise.all(items.map(({ id }) => rivulet.traces.loadSpans(id)))).flat();
}

async function onlySpan(rivulet: Rivulet): Promise<Span | undefined> {
  const all = await spans(rivulet);
  expect(all).toHaveLength(1);
  return all[0];
}

test("a route handler of Next.js has a span with its route, and keeps its further arguments", async () => {
  const rivulet = aClient();
  const POST = traceHandler(
    rivulet,
    async (_request, { params }: { params: Promise<{ id: string }> }) =>
      Response.json({ id: (await params).id }, { status: 201, headers: { "x-a": "1" } }),
    { route: "/chats/[id]", trace: () => ({ sessionId: "s-1" }) },
  );
  const request = new Request(ADDRESS, {
    method: "POST",
    headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
  });
  const response = await POST(request, { params: Promise.resolve({ id: "7" }) });
  expect([response.status, response.headers.get("x-a")]).toEqual([201, "1"]);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.json()).toEqual({ id: "7" });
  expect(await onlySpan(rivulet)).toMatchObject({
    traceId: TRACE,
    parentId: "00f067aa0ba902b7",
    name: "POST /chats/[id]",
    status: "ok",
    attributes: {
      "http.request.method": "POST",
      "url.path": "/chats/7",
      "http.route": "/chats/[id]",
      "http.response.status_code": 201,
    },
  });
  expect((await rivulet.traces.get(TRACE))?.sessionId).toBe("s-1");
});

test("the span lives until the answer was read, and what its stream does is part of it", async () => {
  const rivulet = aClient();
  const handler = traceHandler(rivulet, () => {
    let count = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          rivulet.startSpan(`chunk ${++count}`).end();
          controller.enqueue(new TextEncoder().encode(String(count)));
          if (count === 2) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(stream);
  });
  const response = await handler(new Request(ADDRESS));
  // Nothing is read ahead of the reader.
  expect(await spans(rivulet)).toMatchObject([{ status: "in_progress" }]);
  expect(await response.text()).toBe("12");
  const all = await spans(rivulet);
  expect(new Set(all.map(({ name, status }) => `${name} ${status}`))).toEqual(
    new Set(["GET /chats/7 ok", "chunk 1 ok", "chunk 2 ok"]),
  );
  expect(new Set(all.map(({ traceId }) => traceId)).size).toBe(1);
});

test.each([
  [
    Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;replace;/a;b;307;" }),
    307,
    "ok",
  ],
  [
    new (class extends Error {
      readonly digest = "NEXT_HTTP_ERROR_FALLBACK;404";
    })(),
    404,
    "ok",
  ],
  [new Response(null, { status: 503 }), 503, "error"],
])("an answer that is thrown, %s, is an answer", async (thrown, code, status) => {
  const rivulet = aClient();
  const handler = traceHandler(rivulet, () => Promise.reject(thrown), { route: "/chats/[id]" });
  await expect(handler(new Request(ADDRESS))).rejects.toBe(thrown);
  const span = await onlySpan(rivulet);
  expect(span).toMatchObject({ name: "GET /chats/[id]", status });
  expect(span?.attributes["http.response.status_code"]).toBe(code);
});

test("a reader that wants no more has cancelled the request, and so has a client that went away", async () => {
  const rivulet = aClient();
  const cancelled: unknown[] = [];
  const handler = traceHandler(
    rivulet,
    () => new Response(new ReadableStream({ cancel: (reason) => void cancelled.push(reason) })),
  );
  const left = await handler(new Request(ADDRESS));
  await left.body?.cancel("enough");
  expect(cancelled).toEqual(["enough"]);
  expect((await onlySpan(rivulet))?.status).toBe("cancelled");
  const controller = new AbortController();
  await handler(new Request(ADDRESS, { signal: controller.signal }));
  controller.abort();
  await Promise.resolve();
  expect((await spans(rivulet)).map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
});

test("status 500 is an error, and so is what the handler or the answer's stream throws", async () => {
  const rivulet = aClient();
  const request = (): Request => new Request(ADDRESS);
  await traceHandler(rivulet, () => new Response(null, { status: 500 }))(request());
  const thrower = traceHandler(rivulet, () => Promise.reject(new Error("boom")));
  await expect(thrower(request())).rejects.toThrow("boom");
  const broken = traceHandler(
    rivulet,
    () => new Response(new ReadableStream({ pull: () => Promise.reject(new Error("broke")) })),
  );
  await expect((await broken(request())).text()).rejects.toThrow("broke");
  const messages = (await spans(rivulet)).map(({ status, statusMessage }) => [
    status,
    statusMessage,
  ]);
  expect(new Set(messages)).toEqual(
    new Set([
      ["error", "Answered with status 500."],
      ["error", "boom"],
      ["error", "broke"],
    ]),
  );
});

test("an answer without a body, or to HEAD, is whole at once", async () => {
  const rivulet = aClient();
  await traceHandler(rivulet, () => new Response(null, { status: 204 }))(new Request(ADDRESS));
  const head = traceHandler(rivulet, () => new Response("never read"));
  await head(new Request(ADDRESS, { method: "HEAD" }));
  expect((await spans(rivulet)).map(({ status }) => status)).toEqual(["ok", "ok"]);
});

test("what is ignored has no span, and tracing that is off changes nothing", async () => {
  const rivulet = aClient();
  const ignoring = traceHandler(rivulet, () => new Response("a"), { ignore: () => true });
  expect(await (await ignoring(new Request(ADDRESS))).text()).toBe("a");
  expect(await spans(rivulet)).toEqual([]);
  const off = createRivulet({ store: "memory:", tracing: { enabled: false } });
  onTestFinished(() => off.close());
  const answer = await traceHandler(off, () => new Response("b"))(new Request(ADDRESS));
  expect(await answer.text()).toBe("b");
});

test("what is no response that can be read reaches the caller as it is", async () => {
  const rivulet = aClient();
  const read = new Response("hello");
  await read.text();
  const answers = [undefined, null, 5, { status: 200, body: "of another library" }, read];
  for (const answer of answers) {
    const handler = traceHandler(rivulet, () => answer as Response);
    expect(await handler(new Request(ADDRESS))).toBe(answer);
  }
  expect((await spans(rivulet)).map(({ status }) => status)).toEqual(answers.map(() => "ok"));
});

test("a function that answers with a promise is reported, and takes no process down", async () => {
  const errors: string[] = [];
  const onError = (error: Error): number => errors.push(error.message);
  const rivulet = createRivulet({ store: "memory:", onError });
  onTestFinished(() => rivulet.close());
  const late = (): undefined => Promise.reject(new Error("no session")) as never;
  const handler = traceHandler(rivulet, () => new Response(null), { trace: late });
  expect((await handler(new Request(ADDRESS))).status).toBe(200);
  expect((await onlySpan(rivulet))?.status).toBe("ok");
  expect(errors).toEqual([expect.stringContaining("must not be async"), "no session"]);
});

test.each([
  [{ rout: "/chats/[id]" }, "There is no option rout of traceHandler. Did you mean route?"],
  [{ name: "chat" }, 'Option name of traceHandler is a function, not "chat".'],
])("options are checked when the handler is made: %o", (options, message) => {
  expect(() => traceHandler(aClient(), () => new Response(null), options as object)).toThrow(
    expect.objectContaining({ code: "invalid_argument", message }),
  );
});
