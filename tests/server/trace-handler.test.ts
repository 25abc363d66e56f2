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
  const [begun] = await spans(rivulet);
  expect(begun?.status).toBe("in_progress");
  expect(await response.text()).toBe("12");
  const all = await spans(rivulet);
  expect(new Set(all.map(({ name, status }) => `${name} ${status}`))).toEqual(
    new Set(["GET /chats/7 ok", "chunk 1 ok", "chunk 2 ok"]),
  );
  expect(new Set(all.map(({ traceId }) => traceId)).size).toBe(1);
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
