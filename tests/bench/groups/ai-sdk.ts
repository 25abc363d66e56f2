import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
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

interface Listener {
  readonly telemetry?: Telemetry;
  readonly finish?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

/** Calls the model `count` times, with one listener alone. */
function callsWith({ telemetry, finish, close }: Listener): Contender {
  const call = callWith(telemetry);
  return {
    async work(count) {
      for (let index = 0; index < count; index++) await call();
      await finish?.();
    },
    ...(close === undefined ? {} : { close }),
  };
}

const PAUSE_MS = 60;

/** Like {@link callsWith}, with a pause after each call, in which nothing but the listener's own timers runs. */
async function callsWithPauses({ telemetry, close }: Listener): Promise<Contender> {
  const call = callWith(telemetry);
  for (let index = 0; index < 6_000; index++) await call();
  return {
    async work(count) {
      for (let index = 0; index < count; index++) {
        await call();
        await setTimeout(PAUSE_MS);
      }
    },
    ...(close === undefined ? {} : { close }),
  };
}

function callWith(telemetry: Telemetry | undefined): () => Promise<unknown> {
  const model = mockModel();
  const settings = telemetry === undefined ? {} : { telemetry: { integrations: [telemetry] } };
  return () => generateText({ model, prompt, ...settings });
}

async function own(): Promise<Listener> {
  const client = await openBenchClient();
  return {
    telemetry: rivuletTelemetry(client.rivulet) as Telemetry,
    finish: async () => void (await client.rivulet.flush()),
    close: async () => client[Symbol.asyncDispose](),
  };
}

async function openTelemetry(): Promise<Listener> {
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(noOpExporter())],
  });
  provider.register();
  return { telemetry: new OpenTelemetry(), finish: () => provider.forceFlush() };
}

/** Writes its file into the folder that is current when it is imported. */
async function devTools(): Promise<Listener> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-devtools-"));
  process.chdir(folder);
  const { DevToolsTelemetry } = await import("@ai-sdk/devtools");
  return {
    telemetry: DevToolsTelemetry(),
    async close() {
      process.chdir(tmpdir());
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Each in a process of its own. */
export const contenders = {
  bare: async (): Promise<Contender> => callsWith({}),
  own: async (): Promise<Contender> => callsWith(await own()),
  openTelemetry: async (): Promise<Contender> => callsWith(await openTelemetry()),
  devTools: async (): Promise<Contender> => callsWith(await devTools()),
  barePauses: (): Promise<Contender> => callsWithPauses({}),
  ownPauses: async (): Promise<Contender> => callsWithPauses(await own()),
  openTelemetryPauses: async (): Promise<Contender> => callsWithPauses(await openTelemetry()),
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
  const names = ["barePauses", "ownPauses", "openTelemetryPauses"] as const;
  const pauses = await measureApart("ai-sdk", names, { rounds: 9, count: 30, warmUp: 10 });
  const { barePauses: bare, ownPauses: ownWithPauses, openTelemetryPauses: peer } = pauses;
  return [
    atMost(1 / 2, "ai-sdk: CPU added / @ai-sdk/otel's", share(long, long.openTelemetry)),
    atMost(1 / 50, "ai-sdk: CPU added / @ai-sdk/devtools'", share(long, short.devTools)),
    atMost(2, "ai-sdk: the same, with pauses", share({ bare, own: ownWithPauses }, peer)),
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
