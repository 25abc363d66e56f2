import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRivulet, type Rivulet, type Span } from "@rivulet/core";
import {
  exportSpans,
  normalizeSpan,
  type OtlpJsonSpan,
  readSpans,
  toOtlpSpan,
} from "@rivulet/otel";
import { expect, it, onTestFinished } from "vitest";

function openClient(onError?: (error: unknown) => void): Rivulet {
  const rivulet = createRivulet({ store: "memory:", ...(onError && { onError }) });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

/** An agent that asks a model with a picture, calls a tool that fails, and is stopped. */
function recordAgent(rivulet: Rivulet): string {
  const agent = rivulet.startSpan("agent", {
    type: "agent",
    input: { question: "What is in the picture?" },
    sessionId: "s1",
    userId: "u1",
    tags: { demo: "true" },
    metadata: { channel: "web" },
  });
  const begun = Date.now();
  const model = rivulet.startSpan("chat gpt-5-mini", {
    parent: agent,
    startTime: begun,
    type: "chat_model",
    model: "gpt-5-mini",
    provider: "openai",
    input: {
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            {
              type: "media",
              kind: "image",
              mediaType: "image/png",
              url: "https://example.org/a.png",
            },
          ],
        },
      ],
      tools: [{ name: "look" }],
      format: { type: "json" },
    },
    attributes: {
      temperature: 0.5,
      finishReason: "tool_calls",
      responseId: "r1",
      own: { a: [1, "b"] },
    },
  });
  model.setOutput({
    messages: [
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Look closer." },
          { type: "tool_call", id: "c1", name: "look", arguments: { zoom: 2 } },
        ],
      },
    ],
  });
  model.setUsage({
    inputTokens: 120,
    outputTokens: 30,
    cacheReadTokens: 40,
    cacheWriteTokens: 20,
    cacheWrite1hTokens: 10,
    reasoningTokens: 10,
    audioInputTokens: 5,
    audioOutputTokens: 6,
    imageInputTokens: 7,
    imageOutputTokens: 8,
  });
  model.setCost(0.25);
  model.linkPrompt({ name: "look", version: 3, alias: "live" });
  model.addEvent("retry", { attempt: 2 });
  model.markFirstToken(begun + 250);
  model.end();
  const tool = rivulet.startSpan("look", {
    parent: agent,
    type: "tool",
    input: { zoom: 2 },
    attributes: { toolCallId: "c1" },
  });
  tool.end({ error: new Error("No such picture.") });
  agent.end({ output: "stopped", status: "cancelled", statusMessage: "The user has left." });
  return agent.traceId;
}

/** What is the same in both stores. */
function comparable({ attributes, events, experimentId: _, ...span }: Span): object {
  const { "otel.kind": __, "otel.scope.name": ___, "service.name": ____, ...others } = attributes;
  return { ...span, attributes: others, events: events.map(({ name }) => name) };
}

it("a span that is exported and taken in again is the same", async () => {
  const [from, to] = [openClient(), openClient()];
  const traceId = recordAgent(from);
  await from.flush();
  const trace = await from.traces.get(traceId);
  const spans = await from.traces.loadSpans(traceId);
  const exported = spans.map((span) => toOtlpSpan(span, trace));
  const read = readSpans({ resourceSpans: [{ scopeSpans: [{ spans: exported }] }] });
  await to.traces.record(read.spans.map(normalizeSpan));
  await to.flush();
  const taken = await to.traces.loadSpans(traceId);
  expect(taken.map(comparable)).toEqual(spans.map(comparable));
  const { sessionId, userId, tags, metadata, status, usage, cost } = await to.traces.get(traceId);
  expect({ sessionId, userId, tags, metadata, status, usage, cost }).toEqual({
    sessionId: trace.sessionId,
    userId: trace.userId,
    tags: trace.tags,
    metadata: trace.metadata,
    status: trace.status,
    usage: trace.usage,
    cost: trace.cost,
  });
});

it.each([
  ["ok", 1],
  ["error", 2],
  ["cancelled", 2],
  ["abandoned", 2],
  ["interrupted", 0],
] as const)("a span with the status %s has the code %d", async (status, code) => {
  const rivulet = openClient();
  const work = rivulet.startSpan("work");
  work.end({ status });
  await rivulet.flush();
  const [span] = await rivulet.traces.loadSpans(work.traceId);
  expect(toOtlpSpan(span as Span).status.code).toBe(code);
});

it("a model's call has the names of OpenTelemetry's conventions", async () => {
  const rivulet = openClient();
  const traceId = recordAgent(rivulet);
  await rivulet.flush();
  const spans = await rivulet.traces.loadSpans(traceId);
  const model = spans.find(({ type }) => type === "chat_model") as Span;
  const { attributes, kind } = toOtlpSpan(model);
  const values = Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
  );
  expect(kind).toBe(3);
  expect(values).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.response.id": "r1",
    "gen_ai.usage.input_tokens": "120",
    "gen_ai.usage.cache_read.input_tokens": "40",
    "gen_ai.request.temperature": 0.5,
    "gen_ai.response.time_to_first_chunk": 0.25,
  });
  expect(JSON.parse(values["gen_ai.input.messages"] as string)).toEqual([
    { role: "system", parts: [{ type: "text", content: "Be brief." }] },
    {
      role: "user",
      parts: [
        { type: "text", content: "What is this?" },
        {
          type: "uri",
          uri: "https://example.org/a.png",
          modality: "image",
          mime_type: "image/png",
        },
      ],
    },
  ]);
  expect(JSON.parse(values["gen_ai.output.messages"] as string)).toEqual([
    {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "Look closer." },
        { type: "tool_call", id: "c1", name: "look", arguments: { zoom: 2 } },
      ],
      finish_reason: "tool_calls",
    },
  ]);
});

interface Collector {
  readonly url: string;
  /** Names of the spans of each request that was answered with 200. */
  readonly taken: string[][];
  readonly headers: unknown[];
}

/** A collector that gives these answers, and then takes everything. */
async function openCollector(...answers: readonly number[]): Promise<Collector> {
  const left = [...answers];
  const collector = { taken: [] as string[][], headers: [] as unknown[] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as {
      readonly resourceSpans: readonly [
        { readonly scopeSpans: readonly [{ readonly spans: readonly OtlpJsonSpan[] }] },
      ];
    };
    const status = left.shift() ?? 200;
    collector.headers.push(request.headers["authorization"]);
    if (status === 200) {
      collector.taken.push(
        body.resourceSpans[0].scopeSpans[0].spans.map(({ name }) => name).sort(),
      );
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(status === 200 ? "{}" : '{"message":"no"}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { ...collector, url: `http://127.0.0.1:${port}/v1/traces` };
}

it("every span goes to the collector once, with the headers that are given", async () => {
  const collector = await openCollector();
  const rivulet = openClient();
  const exporting = exportSpans(rivulet, {
    url: collector.url,
    headers: { authorization: "Bearer secret" },
  });
  recordAgent(rivulet);
  await exporting.flush();
  await exporting.flush();
  await exporting.close();
  expect(collector.taken).toEqual([["agent", "chat gpt-5-mini", "look"]]);
  expect(collector.headers).toEqual(["Bearer secret"]);
});

it.each([429, 502, 503, 504])("after %d the same spans are sent again", async (status) => {
  const collector = await openCollector(status);
  const errors: unknown[] = [];
  const rivulet = openClient((error) => errors.push(error));
  const exporting = exportSpans(rivulet, { url: collector.url });
  recordAgent(rivulet);
  await exporting.flush();
  expect(collector.taken).toEqual([]);
  await exporting.flush();
  expect(collector.taken).toHaveLength(1);
  expect(String(errors[0])).toContain(`answered ${status}`);
  await exporting.close();
});

it("what a collector refuses is not sent again, and is reported", async () => {
  const collector = await openCollector(400);
  const errors: unknown[] = [];
  const rivulet = openClient((error) => errors.push(error));
  const exporting = exportSpans(rivulet, { url: collector.url });
  recordAgent(rivulet);
  await exporting.flush();
  await exporting.flush();
  expect([collector.taken, errors.length]).toEqual([[], 1]);
  await exporting.close();
});

it("a collector that is not there costs the app nothing but a report", async () => {
  const errors: unknown[] = [];
  const rivulet = openClient((error) => errors.push(error));
  const exporting = exportSpans(rivulet, { url: "http://127.0.0.1:9/v1/traces" });
  recordAgent(rivulet);
  await exporting.close();
  expect(String(errors[0])).toContain("does not answer");
});

it("a filter that fails on a span keeps none from the collector", async () => {
  const collector = await openCollector();
  const errors: unknown[] = [];
  const rivulet = openClient((error) => errors.push(error));
  const filter = ({ name }: { readonly name: string }): boolean => {
    if (name === "odd") throw new Error("no scope");
    return true;
  };
  const exporting = exportSpans(rivulet, { url: collector.url, filter });
  for (const name of ["odd", "work"]) rivulet.startSpan(name, { parent: null }).end();
  await exporting.close();
  expect(collector.taken.flat().sort()).toEqual(["odd", "work"]);
  expect(errors.map(String)).toEqual(["Error: no scope"]);
});

it("spans that came from OpenTelemetry are not sent back, unless it is wished", async () => {
  const collector = await openCollector();
  const rivulet = openClient();
  const exporting = exportSpans(rivulet, { url: collector.url });
  const everything = exportSpans(rivulet, { url: collector.url, filter: () => true });
  const span = {
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "00000000000000a1",
    name: "foreign",
    startTime: 1n,
    endTime: 2n,
    attributes: {},
    scope: { name: "elsewhere" },
  };
  await rivulet.traces.record([normalizeSpan(span)]);
  await exporting.flush();
  expect(collector.taken).toEqual([]);
  await everything.flush();
  expect(collector.taken).toEqual([["foreign"]]);
  await exporting.close();
  await everything.close();
});
