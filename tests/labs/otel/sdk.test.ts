import { context, type Span, SpanKind, SpanStatusCode, type trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import * as sdk3 from "@opentelemetry/sdk-trace";
import * as sdk2 from "@opentelemetry/sdk-trace-base";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { spanExporter, spanProcessor } from "@rivulet/otel";
import * as sdk1 from "otel1";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

interface Provider {
  getTracer(name: string, version?: string): ReturnType<typeof trace.getTracer>;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

type MakeProvider = (rivulet: Rivulet) => Provider;

const PROVIDERS: readonly (readonly [string, MakeProvider])[] = [
  ["version 3, processor", (r) => new sdk3.TracerProvider({ spanProcessors: [spanProcessor(r)] })],
  [
    "version 3, exporter",
    (r) =>
      new sdk3.TracerProvider({
        spanProcessors: [new sdk3.BatchSpanProcessor({ exporter: spanExporter(r) })],
      }),
  ],
  [
    "version 2, processor",
    (r) => new sdk2.BasicTracerProvider({ spanProcessors: [spanProcessor(r)] }),
  ],
  [
    "version 2, exporter",
    (r) =>
      new sdk2.BasicTracerProvider({
        spanProcessors: [new sdk2.BatchSpanProcessor(spanExporter(r))],
      }),
  ],
  [
    "version 1, processor",
    (r) => new sdk1.BasicTracerProvider({ spanProcessors: [spanProcessor(r)] }),
  ],
  [
    "version 1, exporter",
    (r) =>
      new sdk1.BasicTracerProvider({
        spanProcessors: [new sdk1.BatchSpanProcessor(spanExporter(r))],
      }),
  ],
];

function openClient(): Rivulet {
  const rivulet = createRivulet({ store: "memory:" });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

describe.each(PROVIDERS)("an SDK of OpenTelemetry in the process: %s", (_, makeProvider) => {
  it("has its spans recorded, with their tree, messages, events and errors", async () => {
    const rivulet = openClient();
    const provider = makeProvider(rivulet);
    const tracer = provider.getTracer("test", "1.2.3");
    const traceId = tracer.startActiveSpan("agent", (agent: Span) => {
      const chat = tracer.startSpan("chat gpt-5-mini", {
        kind: SpanKind.CLIENT,
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.request.model": "gpt-5-mini",
          "gen_ai.usage.input_tokens": 7,
          "gen_ai.input.messages": JSON.stringify([
            { role: "user", parts: [{ type: "text", content: "Hi" }] },
          ]),
        },
      });
      chat.addEvent("retry", { attempt: 2 });
      chat.setStatus({ code: SpanStatusCode.ERROR, message: "rate limited" });
      chat.end();
      agent.end();
      return agent.spanContext().traceId;
    });
    await provider.forceFlush();
    await rivulet.flush();
    const spans = await rivulet.traces.loadSpans(traceId);
    const agent = spans.find(({ parentId }) => parentId === undefined);
    const chat = spans.find(({ parentId }) => parentId !== undefined);
    expect(agent).toMatchObject({ name: "agent", status: "ok" });
    expect(chat).toMatchObject({
      parentId: agent?.id,
      type: "chat_model",
      model: "gpt-5-mini",
      status: "error",
      statusMessage: "rate limited",
      usage: { inputTokens: 7, totalTokens: 7 },
      input: { messages: [{ role: "user", content: "Hi" }] },
      attributes: {
        "otel.kind": "client",
        "otel.scope.name": "test",
        "otel.scope.version": "1.2.3",
      },
      events: [{ name: "retry", attributes: { attempt: 2 } }],
    });
    await provider.shutdown();
  });
});

it("a filter decides which spans are kept", async () => {
  const rivulet = openClient();
  const filter = ({ scope }: { scope?: { name?: string | undefined } | undefined }): boolean =>
    scope?.name !== "http";
  const provider = new sdk2.BasicTracerProvider({
    spanProcessors: [spanProcessor(rivulet, { filter, experiment: "kept" })],
  });
  provider.getTracer("http").startSpan("GET /").end();
  provider.getTracer("ai").startSpan("chat").end();
  await provider.forceFlush();
  const { items } = await rivulet.traces.search();
  expect(items.map(({ name }) => name)).toEqual(["chat"]);
});

it("an exporter that was shut down says that it takes nothing more", async () => {
  const rivulet = openClient();
  const exporter = spanExporter(rivulet);
  await exporter.shutdown();
  const result = await new Promise((resolve) => exporter.export([], resolve));
  expect(result).toEqual({ code: 1, error: new Error("The exporter was shut down.") });
});

it("what the client cannot take is a failed export, and throws nothing into the app", async () => {
  const rivulet = createRivulet({ store: "memory:" });
  const exporter = spanExporter(rivulet);
  await rivulet.close();
  const result = await new Promise((resolve) => exporter.export([], resolve));
  expect(result).toMatchObject({ code: 0 });
});
