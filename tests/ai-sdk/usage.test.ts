import { rivuletMiddleware } from "@rivulet/ai-sdk";
import type { Span } from "@rivulet/core";
import { describe, expect, it } from "vitest";
import { openClient } from "./support/client.ts";
import { says } from "./support/mock-content.ts";

/** What a model's call is recorded as that ends with these facts about its answer. */
async function spanOf(
  answer: object,
  model: { readonly modelId: string; readonly provider?: string } = { modelId: "m" },
): Promise<{ readonly span: Span; readonly errors: readonly string[] }> {
  const client = openClient();
  await rivuletMiddleware(client.rivulet).wrapGenerate({
    doGenerate: async () => ({ ...says("Hello!"), usage: undefined, ...answer }),
    params: {},
    model,
  } as never);
  return { span: await client.span(`chat ${model.modelId}`), errors: client.errors.map(String) };
}

/** Usage as providers of specification 3 and 4 write it, with what the API itself said. */
function counted(input: object, output: object, raw: object = {}): object {
  return { usage: { inputTokens: input, outputTokens: output, raw } };
}

describe("tokens of an answer", () => {
  it.each<[string, object, object]>([
    [
      "Anthropic's writes of an hour",
      counted(
        { total: 100, cacheRead: 20, cacheWrite: 50 },
        { total: 5 },
        {
          input_tokens: 30,
          cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 40 },
        },
      ),
      {
        inputTokens: 100,
        outputTokens: 5,
        totalTokens: 105,
        cacheReadTokens: 20,
        cacheWriteTokens: 50,
        cacheWrite1hTokens: 40,
      },
    ],
    [
      "OpenAI's audio",
      counted(
        { total: 100, cacheRead: 0 },
        { total: 50, reasoning: 0 },
        {
          prompt_tokens_details: { audio_tokens: 60, cached_tokens: 0 },
          completion_tokens_details: { audio_tokens: 40, reasoning_tokens: 0 },
        },
      ),
      {
        inputTokens: 100,
        outputTokens: 50,
        totalTokens: 150,
        cacheReadTokens: 0,
        reasoningTokens: 0,
        audioInputTokens: 60,
        audioOutputTokens: 40,
      },
    ],
    [
      "no audio where there is none",
      counted({ total: 1 }, { total: 1 }, { prompt_tokens_details: { audio_tokens: 0 } }),
      { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    ],
    [
      "Google's images and audio",
      counted(
        { total: 1_000, cacheRead: 0 },
        { total: 1_300, reasoning: 10 },
        {
          promptTokensDetails: [
            { modality: "TEXT", tokenCount: 10 },
            { modality: "AUDIO", tokenCount: 700 },
            { modality: "IMAGE", tokenCount: 290 },
          ],
          candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1_290 }],
        },
      ),
      {
        inputTokens: 1_000,
        outputTokens: 1_300,
        totalTokens: 2_300,
        cacheReadTokens: 0,
        reasoningTokens: 10,
        audioInputTokens: 700,
        imageInputTokens: 290,
        imageOutputTokens: 1_290,
      },
    ],
    [
      "what version 5 says of Anthropic, which counts its cache beside the input",
      {
        usage: { inputTokens: 40, outputTokens: 5, totalTokens: 45, cachedInputTokens: 20 },
        providerMetadata: {
          anthropic: {
            usage: {
              input_tokens: 40,
              cache_read_input_tokens: 20,
              cache_creation_input_tokens: 30,
              output_tokens: 5,
            },
          },
        },
      },
      {
        inputTokens: 90,
        outputTokens: 5,
        totalTokens: 95,
        cacheReadTokens: 20,
        cacheWriteTokens: 30,
      },
    ],
    [
      "a cache that is more than the input",
      { usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15, cachedInputTokens: 90 } },
      { inputTokens: 100, outputTokens: 5, totalTokens: 105, cacheReadTokens: 90 },
    ],
    [
      "thinking that only the total of version 5 has",
      { usage: { inputTokens: 10, outputTokens: 5, totalTokens: 60 } },
      { inputTokens: 10, outputTokens: 50, totalTokens: 60, reasoningTokens: 45 },
    ],
  ])("are read from %s", async (_name, answer, usage) => {
    expect((await spanOf(answer)).span.usage).toEqual(usage);
  });

  it("that are none are left out and reported", async () => {
    const { span, errors } = await spanOf(counted({ total: "12" }, { total: 5 }));
    expect(span.usage).toEqual({ outputTokens: 5, totalTokens: 5 });
    expect(errors).toEqual([
      "RivuletError: setUsage.inputTokens: must be a whole number from 0 to 1000000000000; it was left out.",
    ]);
  });
});

describe("the cost of an answer", () => {
  const usage = counted({ total: 1_000_000 }, { total: 0 });
  const model = { modelId: "openai/gpt-4o" };

  it.each<[string, object, number]>([
    ["the list says", {}, 2.5],
    ["the gateway says", { providerMetadata: { gateway: { cost: "0.0123" } } }, 0.0123],
    ["OpenRouter says", { providerMetadata: { openrouter: { usage: { cost: 0.5 } } } }, 0.5],
    [
      "OpenRouter and a provider with a key of one's own say",
      {
        providerMetadata: {
          openrouter: { usage: { cost: 0.05, costDetails: { upstreamInferenceCost: 1 } } },
        },
      },
      1.05,
    ],
    ["an API like OpenAI's says", counted({ total: 1 }, { total: 1 }, { cost: 0.25 }), 0.25],
    ["xAI says", counted({ total: 1 }, { total: 1 }, { cost_in_usd_ticks: 37_756_000 }), 0.0037756],
    ["a cost that is none leaves", { providerMetadata: { gateway: { cost: "dear" } } }, 2.5],
    ["OpenAI's tier makes it", { providerMetadata: { openai: { serviceTier: "flex" } } }, 1.25],
    [
      "Anthropic's tier makes it",
      { providerMetadata: { anthropic: { usage: { service_tier: "batch" } } } },
      1.25,
    ],
    ["the cache of a gateway makes it", { response: { headers: { "helicone-cache": "HIT" } } }, 0],
    ["no cache has made it", { response: { headers: { "cf-aig-cache-status": "MISS" } } }, 2.5],
  ])("is what %s", async (_name, answer, cost) => {
    expect((await spanOf({ ...usage, ...answer }, model)).span.cost).toBe(cost);
  });

  it("is marked where a gateway's cache answered", async () => {
    const headers = { "cf-aig-cache-status": "HIT" };
    const { span } = await spanOf({ ...usage, response: { headers } }, model);
    expect(span.attributes["cached"]).toBe(true);
  });
});
