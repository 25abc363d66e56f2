import { setTimeout } from "node:timers/promises";
import { RunnableLambda } from "@langchain/core/runnables";
import { context, type Span as OtelSpan, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { createRivulet, type Rivulet, type RivuletOptions } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { spanProcessor } from "@rivulet/otel";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

interface Joined {
  readonly rivulet: Rivulet;
  /** Runs work in a span of OpenTelemetry. */
  otel<T>(name: string, work: (span: OtelSpan) => Promise<T> | T): Promise<T>;
  /** Every trace as `root > child > …`, one line for each leaf. */
  lines(): Promise<readonly string[]>;
}

function open(options: RivuletOptions = {}): Joined {
  const rivulet = createRivulet({ store: "memory:", ...options });
  const provider = new BasicTracerProvider({
    spanProcessors: [spanProcessor(rivulet, { join: trace })],
  });
  const tracer: Tracer = provider.getTracer("test");
  onTestFinished(() => rivulet.close());
  return {
    rivulet,
    otel: (name, work) =>
      tracer.startActiveSpan(name, async (span) => {
        try {
          return await work(span);
        } finally {
          span.end();
        }
      }),
    async lines() {
      await provider.forceFlush();
      const { items } = await rivulet.traces.search({ limit: 100 });
      const traces = await Promise.all(items.map(({ id }) => rivulet.traces.listSpans(id)));
      return traces.flatMap(linesOf).sort();
    },
  };
}

type Skeletons = Awaited<ReturnType<Rivulet["traces"]["listSpans"]>>;

function linesOf(spans: Skeletons): readonly string[] {
  const names = new Map(spans.map((span) => [span.id, span]));
  const parents = new Set(spans.map(({ parentId }) => parentId));
  const line = (id: string | undefined): string => {
    const span = id === undefined ? undefined : names.get(id);
    if (span === undefined) return id === undefined ? "" : "MISSING";
    return span.parentId === undefined ? span.name : `${line(span.parentId)} > ${span.name}`;
  };
  return spans.filter(({ id }) => !parents.has(id)).map(({ id }) => line(id));
}

it("spans of both kinds in each other are one tree", async () => {
  const { rivulet, otel, lines } = open();
  await otel("http", () =>
    rivulet.withSpan("agent", () =>
      otel("query", () => rivulet.withSpan("inner", () => otel("deep", () => undefined))),
    ),
  );
  expect(await lines()).toEqual(["http > agent > query > inner > deep"]);
});

it("a span of ours may be the root", async () => {
  const { rivulet, otel, lines } = open();
  await rivulet.withSpan("agent", async () => {
    await otel("first", () => otel("below", () => undefined));
    await otel("second", () => undefined);
  });
  expect(await lines()).toEqual(["agent > first > below", "agent > second"]);
});

it("a trace of its own inside another takes what is started in it, of both kinds", async () => {
  const { rivulet, otel, lines } = open();
  await otel("http", async () => {
    await rivulet.withSpan("apart", () => otel("in apart", () => undefined), { parent: null });
    await otel("after", () => undefined);
  });
  expect(await lines()).toEqual(["apart > in apart", "http > after"]);
});

it("many at once do not mix", async () => {
  const { rivulet, otel, lines } = open();
  const numbers = Array.from({ length: 20 }, (_, index) => String(index).padStart(2, "0"));
  await Promise.all(
    numbers.map((number) =>
      otel(`http ${number}`, async () => {
        await setTimeout(1);
        await rivulet.withSpan(`agent ${number}`, () =>
          otel(`query ${number}`, () => setTimeout(1)),
        );
      }),
    ),
  );
  expect(await lines()).toEqual(
    numbers.map((number) => `http ${number} > agent ${number} > query ${number}`),
  );
});

it("what is set on the active span is set on OpenTelemetry's, when that is it", async () => {
  const { rivulet, otel, lines } = open();
  const traceId = await otel("chat", (span) => {
    const active = rivulet.activeSpan();
    active?.setInput({ question: "Why?" });
    active?.setOutput("Because.");
    active?.setModel("gpt-5-mini", "openai");
    active?.setUsage({ inputTokens: 3 });
    active?.linkPrompt({ name: "why", version: 2 });
    active?.setTrace({ sessionId: "s1", tags: { demo: "true" } });
    active?.setAttributes({ own: { a: 1 } });
    return span.spanContext().traceId;
  });
  expect(await lines()).toEqual(["chat"]);
  const [span] = await rivulet.traces.loadSpans(traceId);
  expect(span).toMatchObject({
    input: { question: "Why?" },
    output: { messages: [{ role: "assistant", content: "Because." }] },
    model: "gpt-5-mini",
    provider: "openai",
    usage: { inputTokens: 3 },
    prompts: [{ name: "why", version: 2 }],
    attributes: { own: '{"a":1}' },
  });
  expect(await rivulet.traces.get(traceId)).toMatchObject({
    sessionId: "s1",
    tags: { demo: "true" },
  });
});

it("the experiment is that of the trace, whoever has started it", async () => {
  const { rivulet, otel, lines } = open();
  await rivulet.withSpan("agent", () => otel("query", () => undefined), { experimentId: "mine" });
  expect(await lines()).toEqual(["agent > query"]);
  const { items } = await rivulet.traces.search();
  const { name } = await rivulet.experiments.get(items[0]?.experimentId ?? "");
  expect(name).toBe("mine");
});

it("a trace of ours that is not sampled is not recorded in part", async () => {
  const { rivulet, otel, lines } = open({ tracing: { sampleRate: 0 } });
  await rivulet.withSpan("agent", () => otel("query", () => rivulet.withSpan("inner", () => "x")));
  expect(await lines()).toEqual([]);
});

it("a trace is recorded whole or not at all, whatever of it ends first", async () => {
  const { otel, rivulet, lines } = open({ tracing: { sampleRate: 0.5 } });
  for (let count = 0; count < 20; count += 1) {
    await otel("http", async () => {
      if (count % 2 === 0) await otel("early", () => undefined);
      await setTimeout(1);
      await rivulet.withSpan("agent", () => otel("query", () => undefined));
      await otel("early", () => undefined);
    });
  }
  const found = await lines();
  const { items } = await rivulet.traces.search({ limit: 100 });
  expect(items.length).toBeLessThan(20);
  const whole = found.filter((line) => line === "http > agent > query");
  expect(whole).toHaveLength(items.length);
  expect(new Set(found)).toEqual(new Set(["http > agent > query", "http > early"]));
});

it("spans of LangChain have their place among both", async () => {
  const { rivulet, otel, lines } = open();
  const callbacks = [new RivuletCallbackHandler(rivulet)];
  const lambda = RunnableLambda.from(() =>
    otel("query", () => rivulet.withSpan("inner", () => otel("deep", () => "x"))),
  );
  await otel("http", () => lambda.invoke("q", { callbacks, runName: "lambda" }));
  expect(await lines()).toEqual(["http > lambda > query > inner > deep"]);
});

it("without being asked, the trees stay apart", async () => {
  const rivulet = createRivulet({ store: "memory:" });
  onTestFinished(() => rivulet.close());
  const provider = new BasicTracerProvider({ spanProcessors: [spanProcessor(rivulet)] });
  provider.getTracer("test").startActiveSpan("http", (span) => {
    rivulet.withSpan("agent", () => undefined);
    span.end();
  });
  await provider.forceFlush();
  const { items } = await rivulet.traces.search();
  expect(items.map(({ name }) => name).sort()).toEqual(["agent", "http"]);
});
