import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import type { RunnableConfig } from "@langchain/core/runnables";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { CallbackHandler as LangfuseHandler } from "@langfuse/langchain";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { Client } from "langsmith";
import { measureApart } from "../apart.ts";
import { openBenchClient } from "../client.ts";
import { atMost, type Figure } from "../figure.ts";
import type { Measure } from "../group.ts";
import { noOpExporter } from "../no-op-exporter.ts";
import type { Contender } from "../rounds.ts";
import { text } from "../sample-span.ts";
import { startSink } from "../start-sink.ts";

const nothing = (): void => undefined;

/** A handler that is called for everything, awaited, and does nothing: LangChain's own price. */
const emptyHandler = {
  name: "empty",
  awaitHandlers: true,
  handleChainStart: nothing,
  handleChainEnd: nothing,
  handleChainError: nothing,
  handleChatModelStart: nothing,
  handleLLMNewToken: nothing,
  handleLLMEnd: nothing,
  handleLLMError: nothing,
};

/** Runs the chain `count` times with a handler, then lets the handler finish its own work. */
function chainWith(handler: object, finish: () => Promise<unknown>): Contender {
  const chain = ChatPromptTemplate.fromMessages([
    ["system", "You answer questions about {topic}."],
    ["human", "{question}"],
  ])
    .pipe(new FakeListChatModel({ responses: [text(300, 1)] }))
    .pipe(new StringOutputParser());
  const config = { callbacks: [handler as BaseCallbackHandler] } satisfies RunnableConfig;
  const question = text(200, 2);
  return {
    async work(count) {
      for (let index = 0; index < count; index++) {
        await chain.invoke({ topic: "rivers", question }, config);
      }
      await finish();
    },
  };
}

async function rivulet(): Promise<Contender> {
  const client = await openBenchClient();
  const handler = new RivuletCallbackHandler(client.rivulet);
  return {
    ...chainWith(handler, () => client.rivulet.flush()),
    close: async () => client[Symbol.asyncDispose](),
  };
}

async function langfuse(): Promise<Contender> {
  const processor = new LangfuseSpanProcessor({
    exporter: noOpExporter(),
    publicKey: "pk-lf-bench",
    secretKey: "sk-lf-bench",
    baseUrl: "http://127.0.0.1:9",
  });
  new NodeTracerProvider({ spanProcessors: [processor] }).register();
  return chainWith(new LangfuseHandler(), async () => {
    await awaitAllCallbacks();
    await processor.forceFlush();
  });
}

async function langChainTracer(): Promise<Contender> {
  const sink = await startSink();
  Object.assign(process.env, { LANGSMITH_ENDPOINT: sink.url, LANGSMITH_API_KEY: "bench" });
  const client = new Client({ apiUrl: sink.url, apiKey: "bench" });
  const chain = chainWith(new LangChainTracer({ client }), async () => {
    await awaitAllCallbacks();
    await client.awaitPendingTraceBatches();
  });
  return { ...chain, close: async () => sink[Symbol.dispose]() };
}

/** Each in a process of its own. */
export const contenders = {
  empty: async (): Promise<Contender> => chainWith(emptyHandler, () => Promise.resolve()),
  rivulet,
  langfuse,
  langChainTracer,
} as const;

/** What tracing a chain of prompt, model and parser costs the host's thread. */
export const measure: Measure = async () => {
  const long = await measureApart("langchain", ["empty", "rivulet", "langfuse"] as const, {
    rounds: 25,
    count: 1_000,
    warmUp: 4_000,
  });
  // LangChainTracer takes twenty times as long: a short run tells enough.
  const short = await measureApart("langchain", ["langChainTracer"] as const, {
    rounds: 9,
    count: 100,
    warmUp: 500,
  });
  const added = long.rivulet - long.empty;
  const against = (peer: number): Pick<Figure, "value" | "unit" | "detail"> => ({
    value: added / (peer - long.empty),
    unit: "x",
    detail: `${added.toFixed(0)} µs / ${(peer - long.empty).toFixed(0)} µs per chain`,
  });
  return [
    atMost(1 / 3, "langchain: CPU added / langfuse's", against(long.langfuse)),
    atMost(1 / 20, "langchain: CPU added / LangChainTracer's", against(short.langChainTracer)),
  ];
};
