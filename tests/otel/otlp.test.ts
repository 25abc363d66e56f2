import { gzipSync } from "node:zlib";
import { readSpans } from "@rivulet/otel";
import { describe, expect, it } from "vitest";
import { fromProtobuf, toProtobuf } from "./encode.ts";
import { openReceiver } from "./handler.ts";
import { RECORDINGS } from "./recordings.ts";

const TRACE = "5b8efff798038103d269b633813fc60c";
const PROTOBUF = { "content-type": "application/x-protobuf" };

function span(id: string, fields: object = {}): object {
  return {
    traceId: TRACE,
    spanId: id,
    name: "work",
    kind: 1,
    startTimeUnixNano: "1798761600000000000",
    endTimeUnixNano: "1798761601000000000",
    ...fields,
  };
}

function requestOf(...spans: readonly unknown[]): { readonly resourceSpans: readonly object[] } {
  return { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "test" }, spans }] }] };
}

describe.each([
  ["JSON", (request: unknown) => JSON.stringify(request), {}],
  ["protobuf", toProtobuf, PROTOBUF],
] as const)("OTLP as %s", (_, encode, headers) => {
  it("is recorded, and the answer is empty", async () => {
    const { rivulet, post } = openReceiver();
    const response = await post(encode(requestOf(span("00000000000000a1"))), headers);
    expect(response.status).toBe(200);
    await rivulet.flush();
    expect(await rivulet.traces.get(TRACE)).toMatchObject({ name: "work", durationMs: 1_000 });
  });

  it("may be compressed", async () => {
    const { rivulet, post } = openReceiver();
    const body = gzipSync(encode(requestOf(span("00000000000000a1"))));
    const response = await post(body, { ...headers, "content-encoding": "gzip" });
    expect(response.status).toBe(200);
    await rivulet.flush();
    expect(await rivulet.traces.count()).toBe(1);
  });

  it("is taken where Langfuse's SDKs send it", async () => {
    const { post } = openReceiver();
    const path = "/api/public/otel/v1/traces";
    expect((await post(encode(requestOf()), headers, path)).status).toBe(200);
  });

  it("keeps what is known of its library, its links, its events and what was dropped", async () => {
    const { rivulet, post } = openReceiver();
    const attributes = [{ key: "built", value: { stringValue: "today" } }];
    const links = [{ traceId: TRACE, spanId: "00000000000000b1", attributes }];
    const events = [{ name: "timeless" }, { name: "told", timeUnixNano: "1798761600500000000" }];
    const dropped = { droppedAttributesCount: 1, droppedEventsCount: 20, droppedLinksCount: 300 };
    const spans = [span("00000000000000a1", { links, events, ...dropped })];
    const scope = { name: "test", version: "1.2", attributes };
    const instance = { key: "service.instance.id", value: { stringValue: "pod-7" } };
    const resource = { attributes: [instance] };
    await post(encode({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }), headers);
    await rivulet.flush();
    const id = { traceId: TRACE, spanId: "00000000000000a1" };
    const stored = await rivulet.traces.getSpan(id);
    expect(stored.events).toEqual([
      { name: "timeless", timestamp: 1_798_761_600_000 },
      { name: "told", timestamp: 1_798_761_600_500 },
    ]);
    expect(stored.attributes).toEqual({
      "otel.dropped_count": 321,
      "otel.scope.name": "test",
      "otel.scope.version": "1.2",
      "otel.scope.attributes": { built: "today" },
      "otel.links": [
        { traceId: TRACE, spanId: "00000000000000b1", attributes: { built: "today" } },
      ],
      "otel.resource": { "service.instance.id": "pod-7" },
    });
  });

  it("is stored once when the same batch comes twice", async () => {
    const { rivulet, post } = openReceiver();
    const attributes = [{ key: "gen_ai.usage.input_tokens", value: { intValue: "7" } }];
    const body = encode(requestOf(span("00000000000000a1", { attributes })));
    await post(body, headers);
    await post(body, headers);
    await rivulet.flush();
    expect(await rivulet.traces.get(TRACE)).toMatchObject({
      spanCount: 1,
      usage: { inputTokens: 7 },
    });
  });
});

it("every recording is the same as protobuf and as JSON", async () => {
  const [json, protobuf] = [openReceiver(), openReceiver()];
  for (const { name, resourceSpans } of RECORDINGS) {
    const body = JSON.stringify({ resourceSpans });
    const answers = await Promise.all([
      json.post(body),
      protobuf.post(toProtobuf({ resourceSpans }), PROTOBUF),
    ]);
    expect(
      answers.map(({ status }) => status),
      name,
    ).toEqual([200, 200]);
    await Promise.all([json.rivulet.flush(), protobuf.rivulet.flush()]);
    const ids = new Set(readSpans({ resourceSpans }).spans.map(({ traceId }) => traceId));
    expect(ids.size, name).toBeGreaterThan(0);
    for (const id of ids) {
      const spans = await json.rivulet.traces.loadSpans(id);
      expect(await protobuf.rivulet.traces.loadSpans(id), name).toEqual(spans);
    }
  }
});

describe("a span that cannot be stored", () => {
  const request = requestOf(
    span("00000000000000a1"),
    span("0000000000000000"),
    span("00000000000000a3"),
  );

  it("is named, and the others are stored", async () => {
    const { rivulet, post } = openReceiver();
    const response = await post(JSON.stringify(request));
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        partialSuccess: {
          rejectedSpans: "1",
          errorMessage: "Span 1: its spanId must be 8 bytes, not all zero",
        },
      },
    ]);
    await rivulet.flush();
    expect((await rivulet.traces.get(TRACE)).spanCount).toBe(2);
  });

  it("is named in protobuf", async () => {
    const { post } = openReceiver();
    expect(await fromProtobuf(await post(toProtobuf(request), PROTOBUF))).toEqual({
      partialSuccess: {
        rejectedSpans: "1",
        errorMessage: "Span 1: its spanId must be 8 bytes, not all zero",
      },
    });
  });

  it.each([
    ["no id of a trace", { traceId: "" }],
    ["an id that is too short", { traceId: "5b8e" }],
    ["no time at all", { startTimeUnixNano: "0", endTimeUnixNano: 0 }],
    ["a time that is none", { startTimeUnixNano: "yesterday" }],
    ["a time below zero", { startTimeUnixNano: "-5" }],
  ])("has %s", async (_, fields) => {
    const { rivulet, post } = openReceiver();
    const good = span("00000000000000a1");
    const response = await post(JSON.stringify(requestOf(span("00000000000000a2", fields), good)));
    expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
    await rivulet.flush();
    expect(await rivulet.traces.count()).toBe(1);
  });
});

describe("a body that is no request", () => {
  it.each(["", "{", "[1", "7", "null", '"spans"', "\u0000"])(
    "of JSON is refused: %j",
    async (body) => {
      const { post } = openReceiver();
      const response = await post(body);
      expect([response.status, await response.json()]).toEqual([
        400,
        { code: 3, message: expect.stringContaining("no request of OTLP") },
      ]);
    },
  );

  it.each([
    ["cut off", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 5)],
    [
      "with a length beyond its end",
      (bytes: Uint8Array) => bytes.map((byte, at) => (at === 1 ? 0x7f : byte)).subarray(0, 60),
    ],
    ["of JSON, said to be protobuf", () => new TextEncoder().encode('{"resourceSpans":[]}')],
  ])("of protobuf is refused: %s", async (_, spoil) => {
    const { post } = openReceiver();
    const bytes = new Uint8Array(spoil(toProtobuf(requestOf(span("00000000000000a1")))));
    const response = await post(bytes, PROTOBUF);
    expect(response.status).toBe(400);
    expect(await fromProtobuf(response, "RpcStatus")).toEqual({
      code: 3,
      message: expect.stringContaining("no request of OTLP"),
    });
  });

  it("of another type is refused", async () => {
    const { post } = openReceiver();
    expect((await post("a=1", { "content-type": "text/plain" })).status).toBe(415);
  });

  it.each([
    { resourceSpans: 7 },
    { resourceSpans: [null, 7, { scopeSpans: "no" }, { scopeSpans: [null, { spans: {} }] }] },
    requestOf(
      span("00000000000000a1", { attributes: { a: 1 }, events: "no", links: [null, 7], status: 7 }),
    ),
    requestOf(
      span("00000000000000a1", {
        attributes: [null, {}, { key: 7 }, { key: "a" }, { key: "b", value: 7 }],
      }),
    ),
  ])("holds fields of wrong types, and harms nothing: %j", async (request) => {
    const { post } = openReceiver();
    expect((await post(JSON.stringify(request))).status).toBe(200);
  });
});
