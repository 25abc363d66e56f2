import { rivuletMiddleware } from "@rivulet/ai-sdk";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { generateText, wrapLanguageModel } from "ai";
import { expect, test } from "vitest";
import { asJson, serveAnswer } from "../../langchain/providers/provider-server.ts";
import { openRecorder } from "../../providers/support.ts";
import {
  ANTHROPIC,
  type Asked,
  CHAT,
  DEEPSEEK,
  GOOGLE,
  OPENROUTER,
  PERPLEXITY,
  RESPONSES,
  type Wire,
  XAI,
} from "./wires.ts";

const web = (type: string): object => ({
  type: "web_search_call",
  id: `ws_${type}`,
  status: "completed",
  action: type === "search" ? { type, query: "q" } : { type, url: "https://example.org" },
});
const fileSearch = { type: "file_search_call", id: "fs", status: "completed", queries: ["q"] };

/** Tokens as input, output, cache read, written, written for an hour, reasoning, audio in and out. */
type Tokens = readonly [number, number, number?, number?, number?, number?, number?, number?];

interface Counted {
  readonly answer: object;
  readonly tokens: Tokens;
  readonly dollars: number;
}

test.each<[string, Wire, Counted]>([
  [
    "a cache and reasoning: 2,000 at 1.25, 8,000 at 0.125, 3,000 at 10",
    CHAT,
    {
      answer: CHAT.answer("gpt-5", {
        prompt_tokens: 10_000,
        completion_tokens: 3_000,
        total_tokens: 13_000,
        prompt_tokens_details: { cached_tokens: 8_000, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 2_500, rejected_prediction_tokens: 50 },
      }),
      tokens: [10_000, 3_000, 8_000, 0, 0, 2_500],
      dollars: 0.0335,
    },
  ],
  [
    "audio beside a cache: 500 at 0.4, 500 at 32, 250 at 64, 50 at 16",
    CHAT,
    {
      answer: CHAT.answer("gpt-realtime", {
        prompt_tokens: 1_000,
        completion_tokens: 300,
        total_tokens: 1_300,
        prompt_tokens_details: { cached_tokens: 500, audio_tokens: 800 },
        completion_tokens_details: { audio_tokens: 250 },
      }),
      tokens: [1_000, 300, 500, 0, 0, 0, 800, 250],
      dollars: 0.033,
    },
  ],
  [
    "searches of the web and of files, and a page that is opened for nothing",
    RESPONSES,
    {
      answer: RESPONSES.answer(
        "gpt-5",
        { input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100 },
        { output: [web("search"), web("open_page"), fileSearch] },
      ),
      tokens: [1_000, 100],
      dollars: 0.00225 + 0.01 + 0.0025,
    },
  ],
  [
    "the flex tier, in which tokens cost half and searches as much",
    RESPONSES,
    {
      answer: RESPONSES.answer(
        "gpt-5",
        { input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100 },
        { output: [web("search")], service_tier: "flex" },
      ),
      tokens: [1_000, 100],
      dollars: 0.001125 + 0.01,
    },
  ],
  [
    "writes of five minutes and of an hour, thinking, and searches: 10 at 3, 37,324 at 0.3, 69 at 3.75, 300 at 6",
    ANTHROPIC,
    {
      answer: ANTHROPIC.answer("claude-sonnet-4-5", {
        input_tokens: 10,
        cache_read_input_tokens: 37_324,
        cache_creation_input_tokens: 369,
        cache_creation: { ephemeral_5m_input_tokens: 69, ephemeral_1h_input_tokens: 300 },
        output_tokens: 500,
        output_tokens_details: { thinking_tokens: 400 },
        server_tool_use: { web_search_requests: 4 },
        service_tier: "standard",
      }),
      tokens: [37_703, 500, 37_324, 369, 300, 400],
      dollars: 0.02078595 + 0.04,
    },
  ],
  [
    "much input: 100,000 at 6, 150,000 at 0.6, 1,000 at 22.5",
    ANTHROPIC,
    {
      answer: ANTHROPIC.answer("claude-sonnet-4-5", {
        input_tokens: 100_000,
        cache_read_input_tokens: 150_000,
        output_tokens: 1_000,
      }),
      tokens: [250_000, 1_000, 150_000],
      dollars: 0.7125,
    },
  ],
  [
    "a fast answer, whose price nobody lists",
    ANTHROPIC,
    {
      answer: ANTHROPIC.answer("claude-opus-4-6", {
        input_tokens: 1_000,
        output_tokens: 100,
        service_tier: "standard",
        speed: "fast",
      }),
      tokens: [1_000, 100],
      dollars: Number.NaN,
    },
  ],
  [
    "audio in two parts, and flex traffic at half of 200 at 0.3, 800 at 1, 100 at 2.5",
    GOOGLE,
    {
      answer: GOOGLE.answer("gemini-2.5-flash", {
        promptTokenCount: 1_000,
        candidatesTokenCount: 100,
        totalTokenCount: 1_100,
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: 200 },
          { modality: "AUDIO", tokenCount: 500 },
          { modality: "AUDIO", tokenCount: 300 },
        ],
        trafficType: "ON_DEMAND_FLEX",
      }),
      tokens: [1_000, 100, 0, 0, 0, 0, 800],
      dollars: 0.000555,
    },
  ],
  [
    "a charge in yuan, which is none in dollars: 1,000 at 0.27, 100 at 1.1",
    CHAT,
    {
      answer: CHAT.answer("deepseek-chat", {
        prompt_tokens: 1_000,
        completion_tokens: 100,
        total_tokens: 1_100,
        cost: 0.0028,
        cost_currency: "CNY",
      }),
      tokens: [1_000, 100],
      dollars: 0.00038,
    },
  ],
  [
    "what tools have read, and thoughts: 5,100 at 0.3, 500 at 2.5",
    GOOGLE,
    {
      answer: GOOGLE.answer("gemini-2.5-flash", {
        promptTokenCount: 100,
        toolUsePromptTokenCount: 5_000,
        candidatesTokenCount: 200,
        thoughtsTokenCount: 300,
        totalTokenCount: 5_600,
      }),
      tokens: [5_100, 500, 0, 0, 0, 300],
      dollars: 0.00278,
    },
  ],
  [
    "DeepSeek's hits: 360 at 0.27, 640 at 0.07, 100 at 1.1",
    DEEPSEEK,
    {
      answer: DEEPSEEK.answer("deepseek-chat", {
        prompt_tokens: 1_000,
        completion_tokens: 100,
        total_tokens: 1_100,
        prompt_cache_hit_tokens: 640,
        prompt_cache_miss_tokens: 360,
      }),
      tokens: [1_000, 100, 640],
      dollars: 0.000252,
    },
  ],
  [
    "xAI's reasoning beside the output, and its ticks",
    XAI,
    {
      answer: XAI.answer("grok-4", {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 450,
        cost_in_usd_ticks: 52_500_000,
        completion_tokens_details: { reasoning_tokens: 300 },
      }),
      tokens: [100, 350, 0, 0, 0, 300],
      dollars: 0.00525,
    },
  ],
  [
    "Perplexity's reasoning beside the output and the total, and its own sum",
    PERPLEXITY,
    {
      answer: PERPLEXITY.answer("sonar-deep-research", {
        prompt_tokens: 33,
        completion_tokens: 11_395,
        total_tokens: 11_428,
        reasoning_tokens: 132_467,
        citation_tokens: 68_400,
        cost: { total_cost: 0.7155, currency: "USD" },
      }),
      tokens: [33, 143_862, 0, 0, 0, 132_467],
      dollars: 0.7155,
    },
  ],
  [
    "OpenRouter's fee and what the provider takes with one's own key",
    OPENROUTER,
    {
      answer: OPENROUTER.answer("openai/gpt-5.2", {
        prompt_tokens: 2_000,
        completion_tokens: 50,
        total_tokens: 2_050,
        prompt_tokens_details: { cached_tokens: 500, cache_write_tokens: 1_000 },
        cost: 0.001,
        cost_details: { upstream_inference_cost: 0.02 },
      }),
      tokens: [2_000, 50, 500, 1_000],
      dollars: 0.021,
    },
  ],
])("an answer counts the same through every door: %s", async (_, wire, expected) => {
  const url = await serveAnswer(asJson(expected.answer));
  const { model = "", modelVersion = model } = expected.answer as {
    readonly model?: string;
    readonly modelVersion?: string;
  };
  const doors: Readonly<Record<string, (asked: Asked) => Promise<unknown>>> = {
    client: (asked) => wire.client(asked),
    chain: (asked) =>
      wire.chain(asked).invoke("p", { callbacks: [new RivuletCallbackHandler(asked.rivulet)] }),
    sdk: (asked) => {
      const model = wrapLanguageModel({
        model: wire.sdk(asked) as Parameters<typeof wrapLanguageModel>[0]["model"],
        middleware: rivuletMiddleware(asked.rivulet),
      });
      return generateText({ model, prompt: "p", maxRetries: 0 });
    },
  };
  for (const [door, ask] of Object.entries(doors)) {
    const recorder = openRecorder();
    await ask({ rivulet: recorder.rivulet, url, model: modelVersion });
    const { usage = {}, cost = Number.NaN } = await recorder.span();
    const tokens = [
      usage.inputTokens,
      usage.outputTokens,
      usage.cacheReadTokens,
      usage.cacheWriteTokens,
      usage.cacheWrite1hTokens,
      usage.reasoningTokens,
      usage.audioInputTokens,
      usage.audioOutputTokens,
    ].map((count = 0) => count);
    const wanted = [...expected.tokens, 0, 0, 0, 0, 0, 0].slice(0, 8);
    expect([door, tokens, cost.toFixed(8)]).toEqual([door, wanted, expected.dollars.toFixed(8)]);
  }
});
