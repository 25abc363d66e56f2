import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenTelemetry } from "@ai-sdk/otel";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { generateText, type Telemetry } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { measureApart } from "../apart.ts";
import { openBenchClient } from "../client.ts";
import { atMost, type Figure } from "../figure.ts";
import type { Measure } from "../group.ts";
import { noOpExporter } from "../no-op-exporter.ts";
import type { Contender } from "../rounds.ts";
import { text } from "../sample-span.ts";

const answer = text(500, 1);
const prompt = text(2_000, 2);
const tokens = {
  inputTokens: { total: 500, noCache: 500, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 120, text: 120, reasoning: 0 },
};

function mockModel(): MockLanguageModelV4 {
  const model = new MockLanguageModelV4({
    provider: "mock",
    modelId: "mock-small",
    doGenerate: async () => {
      // The mock keeps every call; a model does not.
      model.doGenerateCalls.length = 0;
      return {
        content: [{ type: "text", text: answer }],
        finishReason: { unified: "stop", raw: "stop" },
        usage: tokens,
        warnings: [],
      };
    },
  });
  return model;
}

/** Calls the model `count` times, with `telemetry` alone listening. */
function callsWith(
  telemetry: Telemetry | undefined,
  finish: () => Promise<void> = () => Promise.resolve(),
): Contender {
  const model = mockModel();
  const settings = telemetry === undefined ? {} : { telemetry: { integrations: [telemetry] } };
  return {
    async work(count) {
      for (let index = 0; index < count; index++)
        await generateText({ model, prompt, ...settings });
      await finish();
    },
  };
}

async function own(): Promise<Contender> {
  const client = await openBenchClient();
  const telemetry = rivuletTelemetry(client.rivulet) as Telemetry;
  return {
    ...callsWith(telemetry, () => client.rivulet.flush()),
    close: async () => client[Symbol.asyncDispose](),
  };
}

async function openTelemetry(): Promise<Contender> {
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(noOpExporter())],
  });
  provider.register();
  return callsWith(new OpenTelemetry(), () => provider.forceFlush());
}

/** Writes its file into the folder that is current when it is imported. */
async function devTools(): Promise<Contender> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-devtools-"));
  process.chdir(folder);
  const { DevToolsTelemetry } = await import("@ai-sdk/devtools");
  return {
    ...callsWith(DevToolsTelemetry()),
    async close() {
      process.chdir(tmpdir());
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Each in a process of its own. */
export const contenders = {
  bare: async (): Promise<Contender> => callsWith(undefined),
  own,
  openTelemetry,
  devTools,
} as const;

/** What tracing a call of one step costs the host's thread. */
export const measure: Measure = async () => {
  const long = await measureApart("ai-sdk", ["bare", "own", "openTelemetry"] as const, {
    rounds: 25,
    count: 1_000,
    warmUp: 6_000,
  });
  // DevTools writes its whole file at each event: it gets a short run, which is kind to it.
  const short = await measureApart("ai-sdk", ["devTools"] as const, {
    rounds: 9,
    count: 40,
    warmUp: 40,
  });
  return [
    atMost(1 / 2, "ai-sdk: CPU added / @ai-sdk/otel's", share(long, long.openTelemetry)),
    atMost(1 / 50, "ai-sdk: CPU added / @ai-sdk/devtools'", share(long, short.devTools)),
  ];
};

function share(
  { bare, own }: { readonly bare: number; readonly own: number },
  peer: number,
): Pick<Figure, "value" | "unit" | "detail"> {
  return {
    value: (own - bare) / (peer - bare),
    unit: "x",
    detail: `${(own - bare).toFixed(0)} µs / ${(peer - bare).toFixed(0)} µs per call`,
  };
}
