import { randomBytes, randomFillSync } from "node:crypto";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { generateText, isStepCount, type ModelMessage, type Telemetry, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { z } from "zod";
import { measureApart } from "../apart.ts";
import { openBenchClient } from "../client.ts";
import { atMost } from "../figure.ts";
import type { Measure } from "../group.ts";
import type { Contender } from "../rounds.ts";
import { text } from "../sample-span.ts";

const STEPS = 10;
const IMAGE_BYTES = 1_000_000;
const PNG = Buffer.from("89504e470d0a1a0a", "hex");
const prompt = text(2_000, 2);
const found = text(2_000, 3);
const tokens = {
  inputTokens: { total: 500, noCache: 500, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 120, text: 120, reasoning: 0 },
};

/** Asks for a tool nine times, then answers. */
function mockModel(): MockLanguageModelV4 {
  let step = 0;
  const model = new MockLanguageModelV4({
    provider: "mock",
    modelId: "mock-small",
    doGenerate: async () => {
      // The mock keeps every call; a model does not.
      model.doGenerateCalls.length = 0;
      step = (step % STEPS) + 1;
      const isLast = step === STEPS;
      const call = { type: "tool-call", toolCallId: `call-${step}`, toolName: "find" } as const;
      return {
        content: [isLast ? { type: "text", text: found } : { ...call, input: '{"q":"a rose"}' }],
        finishReason: isLast
          ? { unified: "stop", raw: "stop" }
          : { unified: "tool-calls", raw: "tool_calls" },
        usage: tokens,
        warnings: [],
      };
    },
  });
  return model;
}

const tools = {
  find: tool({ inputSchema: z.object({ q: z.string() }), execute: async () => found }),
};

/** Runs of an agent per round. */
const RUNS = 10;

function anImage(): Buffer {
  return Buffer.concat([PNG, randomBytes(IMAGE_BYTES)]);
}

/** Runs an agent, each time with an image that was never seen before, or with none. */
async function agent(hasImage: boolean): Promise<Contender> {
  const client = await openBenchClient();
  const model = mockModel();
  const integrations = [rivuletTelemetry(client.rivulet) as Telemetry];
  const images = hasImage ? Array.from({ length: RUNS }, anImage) : [];
  const messages = (index: number): ModelMessage[] => {
    const data = images[index % RUNS];
    if (data === undefined) return [{ role: "user", content: prompt }];
    const image = { type: "file", mediaType: "image/png", data } as const;
    return [{ role: "user", content: [{ type: "text", text: prompt }, image] }];
  };
  return {
    async work(count) {
      for (let index = 0; index < count; index++) {
        const stopWhen = isStepCount(STEPS);
        await generateText({
          model,
          messages: messages(index),
          tools,
          stopWhen,
          telemetry: { integrations },
        });
      }
    },
    async settle() {
      for (const image of images) randomFillSync(image, PNG.length);
      await client.rivulet.flush();
    },
    close: async () => client[Symbol.asyncDispose](),
  };
}

/** Each in a process of its own. */
export const contenders = {
  plain: (): Promise<Contender> => agent(false),
  image: (): Promise<Contender> => agent(true),
} as const;

/** What an image that stands in every step of an agent costs the host's thread. */
export const measure: Measure = async () => {
  const { plain, image } = await measureApart("media", ["plain", "image"] as const, {
    rounds: 25,
    count: RUNS,
    warmUp: RUNS,
  });
  const detail = `${(image / 1000).toFixed(1)} ms / ${(plain / 1000).toFixed(1)} ms per run`;
  return [
    atMost(1.5, "media: CPU of 10 steps with a 1 MB image / without one", {
      value: image / plain,
      unit: "x",
      detail,
    }),
  ];
};
