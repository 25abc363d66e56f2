import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import { OpenAIInstrumentation as OpenInferenceOpenAi } from "@arizeai/openinference-instrumentation-openai";
import * as callbackManager from "@langchain/core/callbacks/manager";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import {
  propagateAttributes,
  setLangfuseTracerProvider,
  startActiveObservation,
} from "@langfuse/tracing";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  BatchSpanProcessor as BatchSpanProcessor3,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { spanProcessor } from "@rivulet/otel";
import { OpenAIInstrumentation as TraceloopOpenAi } from "@traceloop/instrumentation-openai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFakeOpenAi, openReceiver } from "./receiver.ts";

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

describe.each([
  ["protobuf", ProtobufExporter],
  ["JSON", JsonExporter],
] as const)("OpenTelemetry's exporter of %s", (_, Exporter) => {
  it("sends its spans over HTTP", async () => {
    const { url, token, spans } = await openReceiver();
    const exporter = new Exporter({
      url: `${url}/v1/traces`,
      headers: { authorization: `Bearer ${token}` },
    });
    const provider = new TracerProvider({
      spanProcessors: [new BatchSpanProcessor3({ exporter })],
    });
    const span = provider.getTracer("test").startSpan("chat gpt-5-mini", {
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 7,
        words: ["a", "b"],
      },
    });
    span.end();
    await provider.shutdown();
    expect(await spans()).toMatchObject([
      {
        name: "chat gpt-5-mini",
        type: "chat_model",
        usage: { inputTokens: 7 },
        attributes: { words: ["a", "b"] },
      },
    ]);
  });
});

describe.each([
  ["OpenInference", () => new OpenInferenceOpenAi()],
  ["OpenLLMetry", () => new TraceloopOpenAi()],
] as const)("%s's instrumentation of the client of OpenAI", (_, instrument) => {
  it("is recorded with messages, model, tokens and why it stopped", async () => {
    const { rivulet, spans } = await openReceiver();
    const provider = new BasicTracerProvider({ spanProcessors: [spanProcessor(rivulet)] });
    const instrumentation = instrument();
    instrumentation.setTracerProvider(provider);
    instrumentation.manuallyInstrument(OpenAI as never);
    const client = new OpenAI({ apiKey: "none", baseURL: await openFakeOpenAi() });
    await client.chat.completions.create({
      model: "gpt-4o-mini",
      temperature: 0.1,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "What is the weather?" },
      ],
    });
    instrumentation.disable();
    await provider.forceFlush();
    const [call] = (await spans()).filter(({ type }) => type === "chat_model");
    expect(call).toMatchObject({
      model: "gpt-4o-mini-2024-07-18",
      provider: "openai",
      input: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "What is the weather?" },
        ],
      },
      output: { messages: [{ role: "assistant", content: "It rains." }] },
      usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15 },
      attributes: { finishReason: "stop", temperature: 0.1 },
    });
  });
});

it("OpenInference's instrumentation of LangChain is recorded as a tree", async () => {
  const { rivulet, spans } = await openReceiver();
  const provider = new BasicTracerProvider({ spanProcessors: [spanProcessor(rivulet)] });
  const instrumentation = new LangChainInstrumentation();
  instrumentation.setTracerProvider(provider);
  instrumentation.manuallyInstrument(callbackManager);
  const prompt = ChatPromptTemplate.fromMessages([
    ["system", "Be brief."],
    ["human", "{question}"],
  ]);
  const chain = prompt.pipe(new FakeListChatModel({ responses: ["It rains."] }));
  await chain.invoke(
    { question: "What is the weather?" },
    { metadata: { session_id: "s1", user_id: "u1" } },
  );
  instrumentation.disable();
  await provider.forceFlush();
  const recorded = await spans();
  const root = recorded.find(({ parentId }) => parentId === undefined);
  expect(root).toMatchObject({ type: "chain", name: "RunnableSequence" });
  const model = recorded.find(({ type }) => type === "chat_model");
  expect(model).toMatchObject({
    parentId: root?.id,
    input: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "What is the weather?" },
      ],
    },
    output: { messages: [{ role: "assistant", content: "It rains." }] },
  });
  expect(await rivulet.traces.get(await traceOf(rivulet))).toMatchObject({
    sessionId: "s1",
    userId: "u1",
  });
});

async function traceOf(
  rivulet: Awaited<ReturnType<typeof openReceiver>>["rivulet"],
): Promise<string> {
  const { items } = await rivulet.traces.search();
  return items[0]?.id ?? "";
}

it("Langfuse's own SDK sends its observations here when it is pointed at us", async () => {
  const { rivulet, url, token, spans } = await openReceiver();
  const processor = new LangfuseSpanProcessor({
    baseUrl: url,
    publicKey: "pk-lf-test",
    secretKey: token,
    environment: "staging",
    mediaUploadEnabled: false,
  } as ConstructorParameters<typeof LangfuseSpanProcessor>[0]);
  const provider = new BasicTracerProvider({ spanProcessors: [processor as never] });
  setLangfuseTracerProvider(provider as never);
  await startActiveObservation("agent", async (agent) => {
    await propagateAttributes({ userId: "u1", sessionId: "s1", tags: ["demo"] }, async () => {
      agent.update({ input: { question: "Weather?" } });
      const generation = agent.startObservation(
        "answer",
        {
          model: "gpt-4o-mini",
          input: [{ role: "user", content: "Weather?" }],
          output: { role: "assistant", content: "Rain." },
          usageDetails: { input: 12, output: 3 },
          costDetails: { total: 0.25 },
        },
        { asType: "generation" },
      );
      generation.end();
    });
  });
  await processor.forceFlush();
  const recorded = await spans();
  expect(recorded.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchObject([
    { name: "agent", input: { question: "Weather?" } },
    {
      name: "answer",
      type: "chat_model",
      model: "gpt-4o-mini",
      input: { messages: [{ role: "user", content: "Weather?" }] },
      output: { messages: [{ role: "assistant", content: "Rain." }] },
      usage: { inputTokens: 12, outputTokens: 3 },
      cost: 0.25,
    },
  ]);
  expect(await rivulet.traces.get(await traceOf(rivulet))).toMatchObject({
    userId: "u1",
    sessionId: "s1",
    tags: { demo: "true", environment: "staging" },
  });
  await provider.shutdown();
});
