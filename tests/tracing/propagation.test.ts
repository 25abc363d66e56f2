import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { formatTraceparent, parseTraceparent, type Rivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { openClient } from "./client.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const HEADER = `00-${TRACE}-${SPAN}-01`;

test.each<[string, object | undefined]>([
  ["Headers", new Headers({ traceparent: HEADER })],
  ["headers of Node", { traceparent: [HEADER] }],
  ["headers in another case", { Traceparent: HEADER }],
  ["headers of a queue, as bytes", { traceparent: Buffer.from(HEADER) }],
  ["a map", new Map([["traceparent", HEADER]])],
  ["_meta of MCP", { progressToken: 1, traceparent: HEADER }],
  ["environment variables", { PATH: "/bin", TRACEPARENT: HEADER }],
])("continueTrace goes on with the trace in %s", (_, carrier) => {
  const { rivulet } = openClient();
  const span = rivulet.continueTrace(carrier, "work", (active) => {
    expect(rivulet.activeSpan()).toBe(active);
    return active;
  });
  expect(span.traceId).toBe(TRACE);
});

test.each<[string, object | undefined]>([
  ["nothing", undefined],
  ["no header", {}],
  ["a broken header", { traceparent: "00-1-2-3" }],
  ["two headers", { traceparent: [HEADER, HEADER] }],
  [
    "headers that throw",
    {
      get() {
        throw new Error("closed");
      },
    },
  ],
])("continueTrace begins a trace of its own with %s, whatever is active here", (_, carrier) => {
  const { rivulet, errors } = openClient();
  rivulet.withSpan("around", (around) => {
    const span = rivulet.continueTrace(carrier, "work", (active) => active);
    expect(span.traceId).toMatch(/^[\da-f]{32}$/);
    expect([TRACE, around.traceId]).not.toContain(span.traceId);
  });
  expect(errors).toEqual([]);
});

test("continueTrace in the caller's own process hangs under the caller's span", async () => {
  const { rivulet } = openClient();
  await rivulet.withSpan("caller", async (caller) => {
    const span = await rivulet.continueTrace(rivulet.traceHeaders(), "callee", async (it) => it);
    expect(span.isWithin(caller)).toBe(true);
  });
});

test("continueTrace takes how the span starts with its name", async () => {
  const { rivulet, spans } = openClient();
  rivulet.continueTrace({ traceparent: HEADER }, { name: "job", type: "task", input: 1 }, () => 2);
  expect((await spans(TRACE))["job"]).toMatchObject({
    parentId: SPAN,
    type: "task",
    input: 1,
    output: 2,
  });
});

test("traceHeaders names the active span, or the one it is given, and is empty without one", () => {
  const { rivulet } = openClient();
  expect(rivulet.traceHeaders()).toEqual({});
  const other = rivulet.startSpan("other");
  rivulet.withSpan("active", (active) => {
    expect(rivulet.traceHeaders()).toEqual({ traceparent: formatTraceparent(active) });
    expect(rivulet.traceHeaders({ span: other })).toEqual({
      traceparent: formatTraceparent(other),
    });
  });
});

test("a trace that is not sampled here is not sampled in the next service", () => {
  const { rivulet } = openClient({ sampleRate: 0 });
  const headers = rivulet.withSpan("caller", () => rivulet.traceHeaders());
  expect(headers["traceparent"]).toMatch(/-00$/);
  const next = openClient().rivulet;
  expect(next.continueTrace(headers, "callee", ({ sampled }) => sampled)).toBe(false);
});

test("a client whose tracing is off tells the next service nothing, and runs the work", () => {
  const { rivulet } = openClient({ enabled: false });
  expect(rivulet.withSpan("caller", () => rivulet.traceHeaders())).toEqual({});
  expect(rivulet.continueTrace({ traceparent: HEADER }, "work", () => 7)).toBe(7);
  expect(rivulet.withTrace({ sessionId: "s" }, () => 8)).toBe(8);
});

test("withTrace says what the active trace is about, and each that begins in it", async () => {
  const { rivulet } = openClient();
  const ids: string[] = [];
  rivulet.withSpan("before", (before) => {
    ids.push(before.traceId);
    rivulet.withTrace({ sessionId: "s-1", tags: { plan: "pro", region: "eu" } }, () =>
      rivulet.withTrace({ userId: "u-1", tags: { region: "us" } }, () => {
        rivulet.withSpan("within", ({ traceId }) => ids.push(traceId), {
          parent: null,
          tags: { own: "1" },
        });
        rivulet.continueTrace({}, "continued", ({ traceId }) => ids.push(traceId));
      }),
    );
  });
  await rivulet.flush();
  const [before, within, continued] = await Promise.all(ids.map((id) => rivulet.traces.get(id)));
  expect(before).toMatchObject({ sessionId: "s-1", userId: "u-1" });
  expect(within).toMatchObject({ sessionId: "s-1", userId: "u-1" });
  expect(within?.tags).toEqual({ plan: "pro", region: "us", own: "1" });
  expect(continued?.sessionId).toBeUndefined();
});

test("session, user and tags go to the next service when that was asked for, and through it", async () => {
  const [first, second, third] = [openClient().rivulet, openClient(), openClient()];
  const call = (rivulet: Rivulet) => rivulet.withSpan("call", () => rivulet.traceHeaders());
  const fields = { sessionId: "s, 1;=ü", userId: "u%1", tags: { "plan, a": "pro=1" } };
  expect(first.withTrace(fields, () => call(first))).not.toHaveProperty("baggage");
  const headers = first.withTrace({ ...fields, propagate: true }, () => call(first));
  const onward = second.rivulet.continueTrace(headers, "second", () =>
    second.rivulet.traceHeaders(),
  );
  expect(onward["baggage"]).toBe(headers["baggage"]);
  third.rivulet.continueTrace(onward, "third", () => undefined);
  await third.rivulet.flush();
  const trace = await third.rivulet.traces.get(
    parseTraceparent(onward["traceparent"])?.traceId ?? "",
  );
  expect(trace).toMatchObject({ name: "third", ...fields });
});

test("a service that got no baggage sends none of its own, unless that is asked for", () => {
  const { rivulet } = openClient();
  const headers = rivulet.continueTrace({ traceparent: HEADER }, "work", () =>
    rivulet.withTrace({ sessionId: "s-1" }, () => rivulet.traceHeaders()),
  );
  expect(Object.keys(headers)).toEqual(["traceparent"]);
});

test("baggage is at most 8192 characters: what does not fit is left out, what fits still goes", () => {
  const { rivulet } = openClient();
  const tags = { long: "x".repeat(8_000), more: "y".repeat(300), plan: "pro" };
  const { baggage } = rivulet.withTrace({ sessionId: "s-1", tags, propagate: true }, () =>
    rivulet.traceHeaders(),
  );
  expect(baggage).toBe(`session.id=s-1,rivulet.tag.long=${tags.long},rivulet.tag.plan=pro`);
});

test("baggage that is not wanted, broken or of others is left out", async () => {
  const { rivulet } = openClient();
  const baggage = "session.id=s-1,other=1,=x,rivulet.tag.=y,user.id=%E0%A4%A;ttl=1";
  const stranger = rivulet.continueTrace({ baggage }, { name: "a", baggage: false }, (it) => it);
  const known = rivulet.continueTrace({ baggage }, "b", (it) => it);
  await rivulet.flush();
  const [without, taken] = await Promise.all(
    [stranger, known].map(({ traceId }) => rivulet.traces.get(traceId)),
  );
  expect(without?.sessionId).toBeUndefined();
  expect(taken).toMatchObject({ sessionId: "s-1", userId: "%E0%A4%A", tags: {} });
});

test("a prompt split gives the next service the arm that the first one had", async () => {
  const { rivulet } = openClient();
  for (const template of ["one", "two"]) await rivulet.prompts.register({ name: "p", template });
  await rivulet.prompts.setSplit({
    name: "p",
    alias: "live",
    arms: [
      { version: 1, weight: 50 },
      { version: 2, weight: 50 },
    ],
  });
  const armHere = async (): Promise<number> => (await rivulet.prompts.get("p@live")).version;
  const seen = new Set<number>();
  for (let session = 0; session < 20; session++) {
    await rivulet.withTrace({ sessionId: `s-${session}`, propagate: true }, async () => {
      const outside = await armHere();
      const [arm, headers] = await rivulet.withSpan("first", async () => [
        await armHere(),
        rivulet.traceHeaders(),
      ]);
      const next = await rivulet.continueTrace(headers, "second", armHere);
      expect([outside, next]).toEqual([arm, arm]);
      seen.add(arm);
    });
  }
  expect(seen.size).toBe(2);
});

/** A server that answers with the headers it got. */
async function echo(): Promise<string> {
  const server = createServer((req, res) => res.end(JSON.stringify(req.headers)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("tracedFetch adds the headers of the trace to what the request has", async () => {
  const { rivulet } = openClient();
  const url = await echo();
  const traced = rivulet.tracedFetch(fetch);
  const got = async (response: Promise<Response>): Promise<Record<string, string>> =>
    (await (await response).json()) as Record<string, string>;
  expect(await got(traced(url))).not.toHaveProperty("traceparent");
  await rivulet.withTrace({ sessionId: "s-1", propagate: true }, () =>
    rivulet.withSpan("caller", async (caller) => {
      const traceparent = formatTraceparent(caller);
      const headers = { "x-a": "1", baggage: "a=1" };
      expect(await got(traced(url, { headers }))).toMatchObject({
        traceparent,
        "x-a": "1",
        baggage: "a=1, session.id=s-1",
      });
      const request = new Request(url, { method: "POST", body: "{}", headers: { "x-b": "2" } });
      expect(await got(traced(request))).toMatchObject({ traceparent, "x-b": "2" });
      expect(await got(traced(new URL(url), { headers: { traceparent: HEADER } }))).toMatchObject({
        traceparent: HEADER,
      });
    }),
  );
});

test("tracedFetch tells only those addresses that it may, and a bad address is fetch's affair", async () => {
  const { rivulet, errors } = openClient();
  const url = await echo();
  const traced = rivulet.tracedFetch(fetch, { to: ({ pathname }) => pathname === "/ours" });
  await rivulet.withSpan("caller", async () => {
    expect(await (await traced(`${url}theirs`)).json()).not.toHaveProperty("traceparent");
    expect(await (await traced(`${url}ours`)).json()).toHaveProperty("traceparent");
    await expect(traced("no address")).rejects.toThrow(TypeError);
  });
  expect(errors).toHaveLength(1);
});

test("what a server or a timer does long after the span that started it is no part of its trace", () => {
  const { rivulet, clock } = openClient();
  rivulet.withSpan("boot", (boot) => {
    const later = (name: string): boolean => rivulet.startSpan(name).traceId === boot.traceId;
    boot.end();
    clock.advance(10_000);
    expect(later("in the background")).toBe(true);
    clock.advance(10_001);
    expect(later("a request")).toBe(false);
  });
});

test("work in the background is part of the trace as long as something above it is open", () => {
  const { rivulet, clock } = openClient();
  rivulet.withSpan("agent", (agent) => {
    rivulet.withSpan("step", (step) => {
      step.end();
      clock.advance(600_000);
      expect(rivulet.startSpan("late").traceId).toBe(agent.traceId);
    });
  });
});

const refusing = (): never => {
  throw new Error("boom");
};

test.each<[string, unknown]>([
  ["nothing", null],
  ["a number", 1],
  ["a getter that throws", Object.defineProperty({}, "name", { get: refusing, enumerable: true })],
  ["a proxy that refuses everything", new Proxy({}, { get: refusing, ownKeys: refusing })],
  ["tags that cannot be text", { propagate: true, tags: { a: Symbol("a") } }],
])("%s for options keeps no work from being done", async (_, given) => {
  const { rivulet } = openClient();
  const bad = given as never;
  expect(rivulet.withTrace(bad, () => Object.keys(rivulet.traceHeaders()))).toEqual([]);
  expect(rivulet.traceHeaders(bad)).toEqual({});
  expect(rivulet.continueTrace(bad, bad, () => "done")).toBe("done");
  const answer = async (_url: string): Promise<string> => "answer";
  expect(await rivulet.tracedFetch(answer, bad)("http://localhost/")).toBe("answer");
});

const MANY = Array.from({ length: 33 }, (_, index) => `v${index}=1`).join(",");
const MOST = MANY.slice(0, MANY.lastIndexOf(","));
const LONG = [
  `a=${"x".repeat(200)}`,
  ...Array.from({ length: 8 }, (_, at) => `b${at}=${"y".repeat(60)}`),
];

test.each<[string, unknown, string | undefined]>([
  ["one vendor's", "congo=t61rcWkgMzE", "congo=t61rcWkgMzE"],
  [
    "several vendors', in their order",
    "rojo=00f067aa, tenant@congo=1",
    "rojo=00f067aa,tenant@congo=1",
  ],
  ["that of two headers", ["rojo=1", "congo=2"], "rojo=1,congo=2"],
  ["one without members", " , ", undefined],
  ["one that is none", "no list", undefined],
  ["one with a broken member", "rojo=1,UPPER=2", undefined],
  ["one with more members than there may be", MANY, undefined],
  ["one with as many members as there may be", MOST, MOST],
  ["a long one, without what is too much", LONG.join(","), LONG.slice(1).join(",").slice(0, 511)],
])("a tracestate goes on with its trace: %s", (_, came, gone) => {
  const { rivulet } = openClient();
  rivulet.continueTrace({ traceparent: HEADER, tracestate: came }, "work", () => {
    const headers = rivulet.withSpan("inner", () => rivulet.traceHeaders());
    expect(headers["tracestate"]).toBe(gone);
    // In the process of its caller nothing is lost either.
    const again = rivulet.continueTrace({ traceparent: headers["traceparent"] }, "callee", () =>
      rivulet.withTrace({ userId: "u" }, () => rivulet.traceHeaders()),
    );
    expect(again["tracestate"]).toBe(gone);
    const other = rivulet.withSpan("other", () => rivulet.traceHeaders(), { parent: null });
    expect(other["tracestate"]).toBeUndefined();
  });
});

test("tracedFetch passes the tracestate on", async () => {
  const { rivulet } = openClient();
  const sent: Headers[] = [];
  const traced = rivulet.tracedFetch(async (_url: string, init?: { headers?: Headers }) => {
    sent.push(new Headers(init?.headers));
  });
  const carrier = { traceparent: HEADER, tracestate: "rojo=1" };
  await rivulet.continueTrace(carrier, "work", () => traced("http://localhost/"));
  expect(sent[0]?.get("tracestate")).toBe("rojo=1");
});
