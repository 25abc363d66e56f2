import { createRivulet } from "@rivulet/core";
import { otlp } from "@rivulet/otel";
import { describe, expect, it } from "vitest";
import { fromProtobuf, toProtobuf } from "./encode.ts";
import { openReceiver, type Receiver } from "./handler.ts";

const TRACE = "5b8efff798038103d269b633813fc60c";
const START = 1_798_761_600_000;

function span(id: string, fields: object = {}): object {
  return {
    traceId: TRACE,
    spanId: id,
    name: "work",
    startTimeUnixNano: `${START}000000`,
    endTimeUnixNano: `${START + 1_000}000000`,
    ...fields,
  };
}

async function send({ rivulet, post }: Receiver, ...spans: readonly object[]): Promise<void> {
  const request = { resourceSpans: [{ scopeSpans: [{ spans }] }] };
  const [json, protobuf] = [JSON.stringify(request), toProtobuf(request)];
  const response = await post(json);
  expect([response.status, await response.json()]).toEqual([200, {}]);
  const again = await post(protobuf, { "content-type": "application/x-protobuf" });
  expect([again.status, await fromProtobuf(again)]).toEqual([200, {}]);
  await rivulet.flush();
}

/** A field of a protobuf message that holds bytes. */
function field(number: number, bytes: Uint8Array): Buffer {
  const head = [(number << 3) | 2];
  let size = bytes.length;
  for (; size > 0x7f; size >>>= 7) head.push((size & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...head, size]), bytes]);
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

describe("a span of a clock that jumps", () => {
  it("that ends before it starts has no length", async () => {
    const receiver = openReceiver();
    await send(receiver, span("00000000000000a1", { endTimeUnixNano: `${START - 5_000}000000` }));
    expect(await receiver.rivulet.traces.get(TRACE)).toMatchObject({
      startTime: START,
      endTime: START,
      durationMs: 0,
    });
  });

  it.each(["startTimeUnixNano", "endTimeUnixNano"])(
    "without %s has the other time",
    async (name) => {
      const receiver = openReceiver();
      await send(receiver, span("00000000000000a1", { [name]: "0" }));
      expect(await receiver.rivulet.traces.get(TRACE)).toMatchObject({ durationMs: 0 });
    },
  );
});

describe("spans in a ring", () => {
  it("of one are a root", async () => {
    const receiver = openReceiver();
    await send(receiver, span("00000000000000a1", { parentSpanId: "00000000000000a1" }));
    const [only] = await receiver.rivulet.traces.listSpans(TRACE);
    expect(only?.parentId).toBeUndefined();
  });

  it("of three are all kept, and their tokens counted", async () => {
    const receiver = openReceiver();
    const attributes = [{ key: "gen_ai.usage.input_tokens", value: { intValue: "7" } }];
    await send(
      receiver,
      span("00000000000000a1", { parentSpanId: "00000000000000a3" }),
      span("00000000000000a2", { parentSpanId: "00000000000000a1", attributes }),
      span("00000000000000a3", { parentSpanId: "00000000000000a2" }),
    );
    expect(await receiver.rivulet.traces.get(TRACE)).toMatchObject({
      spanCount: 3,
      usage: { inputTokens: 7 },
    });
  });
});

describe("attributes", () => {
  it("of a megabyte are cut, and the rest of the span is kept", async () => {
    const receiver = openReceiver();
    const attributes = [text("big", "x".repeat(2_000_000)), text("small", "kept")];
    await send(receiver, span("00000000000000a1", { attributes }));
    const { attributes: kept } = await receiver.rivulet.traces.getSpan({
      traceId: TRACE,
      spanId: "00000000000000a1",
    });
    expect(kept["small"]).toBe("kept");
    expect(String(kept["big"]).length).toBeLessThan(1_000_000);
  });

  it("may be ten thousand", async () => {
    const receiver = openReceiver();
    const attributes = Array.from({ length: 10_000 }, (_, index) => text(`a${index}`, "x"));
    await send(receiver, span("00000000000000a1", { attributes }));
    const { attributes: kept } = await receiver.rivulet.traces.getSpan({
      traceId: TRACE,
      spanId: "00000000000000a1",
    });
    expect(kept).toMatchObject({ a0: "x", a9999: "x" });
  });

  it("may have names that JavaScript gives a meaning, and change nothing by them", async () => {
    const receiver = openReceiver();
    const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];
    const nested = names.map((name) =>
      text(`llm.input_messages.0.message.${name}.polluted`, "yes"),
    );
    const attributes = [
      ...names.map((name) => text(name, "kept")),
      ...names.map((name) => text(`gen_ai.prompt.0.${name}.polluted`, "yes")),
      { key: "map", value: { kvlistValue: { values: names.map((name) => text(name, "kept")) } } },
      ...nested,
    ];
    await send(receiver, span("00000000000000a1", { attributes }));
    const kept = await receiver.rivulet.traces.getSpan({
      traceId: TRACE,
      spanId: "00000000000000a1",
    });
    expect(Object.keys(kept.attributes)).toEqual(expect.arrayContaining(names.slice(1)));
    expect(({} as { readonly polluted?: string }).polluted).toBeUndefined();
  });

  it("may lie in each other as deep as they like", async () => {
    const receiver = openReceiver();
    const deep = `${'{"arrayValue":{"values":['.repeat(2_000)}{"boolValue":true}${"]}}".repeat(2_000)}`;
    const given = JSON.stringify(span("00000000000000a1", { attributes: ["HERE"] }));
    const attribute = `{"key":"nested","value":${deep}}`;
    const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[${given.replace('"HERE"', attribute)}]}]}]}`;
    expect((await receiver.post(body)).status).toBe(200);
    await receiver.rivulet.flush();
    expect(await receiver.rivulet.traces.count()).toBe(1);
  });

  it("may lie in each other as deep in protobuf, and the other spans are stored", async () => {
    const { rivulet, post } = openReceiver();
    let value = field(4, new Uint8Array(8));
    for (let depth = 0; depth < 3_000; depth++) value = field(5, field(1, value));
    const [trace, deep] = [Buffer.from(TRACE, "hex"), Buffer.from("00000000000000a1", "hex")];
    const attribute = field(9, Buffer.concat([field(1, Buffer.from("nested")), field(2, value)]));
    const times = Buffer.from([0x39, 1, 0, 0, 0, 0, 0, 0, 0]);
    const spans = field(2, Buffer.concat([field(1, trace), field(2, deep), times, attribute]));
    const good = { resourceSpans: [{ scopeSpans: [{ spans: [span("00000000000000a2")] }] }] };
    const body = Buffer.concat([field(1, field(2, spans)), toProtobuf(good)]);
    const answer = await post(body, { "content-type": "application/x-protobuf" });
    expect([answer.status, await fromProtobuf(answer)]).toEqual([200, {}]);
    await rivulet.flush();
    expect((await rivulet.traces.get(TRACE)).spanCount).toBe(2);
  });

  it("that are numbers keep every digit", async () => {
    const receiver = openReceiver();
    const attributes = [
      { key: "small", value: { intValue: "-5" } },
      { key: "large", value: { intValue: "9007199254740993" } },
      { key: "least", value: { intValue: "-9223372036854775808" } },
      { key: "half", value: { doubleValue: 0.5 } },
    ];
    await send(receiver, span("00000000000000a1", { attributes }));
    const { attributes: kept } = await receiver.rivulet.traces.getSpan({
      traceId: TRACE,
      spanId: "00000000000000a1",
    });
    expect(kept).toMatchObject({
      small: -5,
      large: "9007199254740993",
      least: "-9223372036854775808",
      half: 0.5,
    });
  });
});

describe("counts of tokens that cannot be", () => {
  it.each(["-5", "2.5", "1e308", "9223372036854775807", "many", "NaN"])(
    "are no counts: %s",
    async (count) => {
      const receiver = openReceiver();
      const attributes = [
        text("gen_ai.usage.input_tokens", count),
        text("gen_ai.usage.output_tokens", "3"),
      ];
      await send(receiver, span("00000000000000a1", { attributes }));
      const kept = await receiver.rivulet.traces.getSpan({
        traceId: TRACE,
        spanId: "00000000000000a1",
      });
      expect(kept.usage).toEqual({ outputTokens: 3, totalTokens: 3 });
      expect(kept.attributes["gen_ai.usage.input_tokens"]).toBe(count);
    },
  );

  it.each([-1, 1e308])("and costs do not spoil the sums of a trace: %s", async (doubleValue) => {
    const receiver = openReceiver();
    const attributes = [{ key: "gen_ai.usage.cost", value: { doubleValue } }];
    await send(receiver, span("00000000000000a1", { attributes }));
    expect((await receiver.rivulet.traces.get(TRACE)).cost).toBeUndefined();
  });
});

it("a filter that fails on a span loses none", async () => {
  const errors: string[] = [];
  const onError = (error: Error): number => errors.push(error.message);
  const filter = ({ name }: { readonly name: string }): boolean => {
    if (name === "odd") throw new Error("no scope");
    return name !== "left out";
  };
  const receiver = openReceiver({ onError }, { filter });
  const names = ["odd", "left out", "work"];
  await send(receiver, ...names.map((name, index) => span(`00000000000000a${index}`, { name })));
  const stored = await receiver.rivulet.traces.loadSpans(TRACE);
  expect(stored.map(({ name }) => name).sort()).toEqual(["odd", "work"]);
  expect([...new Set(errors)]).toEqual(["no scope"]);
});

it("a client without room is told when to come again", async () => {
  const rivulet = createRivulet({ store: "memory:" });
  const full = {
    ...rivulet,
    traces: {
      ...rivulet.traces,
      record: (spans: readonly unknown[]) =>
        Promise.resolve({ recorded: 0, unsampled: 0, dropped: spans.length }),
    },
  };
  const [route] = otlp(full).routes;
  // More than are recorded at once.
  const spans = Array.from({ length: 10_001 }, (_, index) =>
    span((index + 1).toString(16).padStart(16, "0")),
  );
  const body = new TextEncoder().encode(
    JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  );
  const request = new Request("http://localhost/v1/traces", {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  const response = await route?.handle({ request, body });
  expect([response?.status, response?.headers.get("retry-after")]).toEqual([429, "1"]);
  expect(await response?.json()).toEqual({
    code: 8,
    message: "The journal has no room for 10001 spans now. Send the batch again.",
  });
  await rivulet.close();
});

it("a trace goes to the experiment that its request, or the mount, names", async () => {
  const { rivulet, post } = openReceiver({}, { experiment: "from the mount" });
  const body = (id: string): string =>
    JSON.stringify({
      resourceSpans: [{ scopeSpans: [{ spans: [span("00000000000000a1", { traceId: id })] }] }],
    });
  await post(body("1".repeat(32)), { "x-rivulet-experiment": "from the request" });
  await post(body("2".repeat(32)));
  await rivulet.flush();
  const named = await Promise.all(
    ["1", "2"].map(async (digit) => {
      const { experimentId } = await rivulet.traces.get(digit.repeat(32));
      return (await rivulet.experiments.get(experimentId)).name;
    }),
  );
  expect(named).toEqual(["from the request", "from the mount"]);
});
