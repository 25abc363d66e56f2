import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { openFileClient } from "./client.ts";

const { rivulet, errors } = openFileClient();

type Row = readonly [model: string, provider: string | undefined, input: number, output: number];

/** Names as SDKs, gateways and clouds write them, and US dollars per million tokens of input and output. */
const PRICED: readonly Row[] = [
  ["gpt-4o", undefined, 2.5, 10],
  ["claude-sonnet-4-5-20250929[1m]", "anthropic", 3, 15],
  ["gpt-4o", "openai.chat", 2.5, 10],
  ["gpt-4o-2024-08-06", "openai", 2.5, 10],
  ["gpt-4o-2024-05-13", "openai", 5, 15],
  ["gpt-4o-2024-11-20", "azure", 2.5, 10],
  ["openai/gpt-4o", undefined, 2.5, 10],
  ["openrouter/openai/gpt-4o", undefined, 2.5, 10],
  ["azure/gpt-4o", undefined, 2.5, 10],
  ["openai/gpt-4o-mini-2024-07-18", undefined, 0.15, 0.6],
  ["gpt-4o-mini-2024-07-18", "azure-openai.chat", 0.15, 0.6],
  [
    "https://acme.openai.azure.com/openai/deployments/gpt-4o-mini/chat/completions",
    "azure",
    0.15,
    0.6,
  ],
  ["GPT-4o-Mini", undefined, 0.15, 0.6],
  ["gpt-4.1", undefined, 2, 8],
  ["gpt-4.1-2025-04-14", "openai.responses", 2, 8],
  ["gpt-4.1-mini", "azure_openai", 0.4, 1.6],
  ["gpt-4.1-nano-2025-04-14", undefined, 0.1, 0.4],
  ["openai:gpt-4.1", undefined, 2, 8],
  ["gpt-4-turbo", undefined, 10, 30],
  ["gpt-4-0613", undefined, 30, 60],
  ["gpt-4-0125-preview", undefined, 10, 30],
  ["gpt-35-turbo", "azure", 0.5, 1.5],
  ["gpt-3.5-turbo-0125", undefined, 0.5, 1.5],
  ["gpt-5", undefined, 1.25, 10],
  ["gpt-5-2025-08-07", undefined, 1.25, 10],
  ["gpt-5-chat-latest", undefined, 1.25, 10],
  ["openai/gpt-5:nitro", "openrouter", 1.25, 10],
  ["openai/gpt-5:floor", "openrouter", 1.25, 10],
  ["openai/gpt-5-mini", "gateway", 0.25, 2],
  ["gpt-5-mini-2025-08-07", "openai.responses", 0.25, 2],
  ["gpt-5-nano-2025-08-07", undefined, 0.05, 0.4],
  ["gpt-5-codex", "openai", 1.25, 10],
  ["gpt-5-pro-2025-10-06", undefined, 15, 120],
  ["gpt-5.1", undefined, 1.25, 10],
  ["gpt-5.1-2025-11-13", undefined, 1.25, 10],
  ["gpt-5-1", "azure", 1.25, 10],
  ["gpt-5.2-2025-12-11", undefined, 1.75, 14],
  ["openai/gpt-5.2-chat", "openrouter", 1.75, 14],
  ["gpt-5.4", undefined, 2.5, 15],
  ["openai.gpt-5.4", "bedrock", 2.75, 16.5],
  ["gpt-5.5-2026-04-23", undefined, 5, 30],
  ["o1", undefined, 15, 60],
  ["o1-2024-12-17", undefined, 15, 60],
  ["o1-mini", undefined, 1.1, 4.4],
  ["o3", undefined, 2, 8],
  ["o3-2025-04-16", "azure", 2, 8],
  ["o3-mini-2025-01-31", undefined, 1.1, 4.4],
  ["o3-pro", undefined, 20, 80],
  ["openai/o4-mini", undefined, 1.1, 4.4],
  ["o4-mini-2025-04-16", "openai.responses", 1.1, 4.4],
  ["chatgpt-4o-latest", undefined, 5, 15],
  ["codex-mini-latest", undefined, 1.5, 6],
  ["ft:gpt-4o-mini-2024-07-18:acme::7p4lURx", "openai", 0.3, 1.2],
  ["ft:gpt-4o-2024-08-06:acme:support:9abc", "openai", 3.75, 15],
  ["ft:gpt-3.5-turbo-0125:acme::8x", undefined, 3, 6],
  ["text-embedding-3-small", undefined, 0.02, 0],
  ["openai/text-embedding-3-large", undefined, 0.13, 0],
  ["text-embedding-ada-002", undefined, 0.1, 0],
  ["gpt-4o-audio-preview-2024-12-17", undefined, 2.5, 10],
  ["gpt-4o-realtime-preview-2024-12-17", undefined, 5, 20],
  ["gpt-4o-transcribe", undefined, 2.5, 10],
  ["gpt-image-1", undefined, 5, 40],
  ["gpt-oss-120b", "groq", 0.15, 0.6],
  ["openai/gpt-oss-120b", "groq.chat", 0.15, 0.6],
  ["groq/openai/gpt-oss-20b", undefined, 0.075, 0.3],
  ["claude-sonnet-4-5", undefined, 3, 15],
  ["claude-sonnet-4-5-20250929", "anthropic.messages", 3, 15],
  ["claude-sonnet-4-5@20250929", "vertex.anthropic.messages", 3, 15],
  ["claude-sonnet-4-5-latest", undefined, 3, 15],
  ["anthropic/claude-sonnet-4.5", "openrouter", 3, 15],
  ["anthropic/claude-sonnet-4.5", "gateway", 3, 15],
  ["anthropic/claude-4.5-sonnet", undefined, 3, 15],
  ["anthropic/claude-4.5-sonnet-20250929", "openrouter", 3, 15],
  ["anthropic/claude-sonnet-4-5:beta", undefined, 3, 15],
  ["anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon-bedrock", 3.3, 16.5],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon_bedrock", 3.3, 16.5],
  ["eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws.bedrock", 3.3, 16.5],
  ["apac.anthropic.claude-sonnet-4-20250514-v1:0", "bedrock", 3, 15],
  ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon-bedrock", 3, 15],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", undefined, 3.3, 16.5],
  ["bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", undefined, 3.3, 16.5],
  ["bedrock/anthropic.claude-3-5-sonnet-20241022-v2:0", undefined, 3, 15],
  [
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "amazon-bedrock",
    3.3,
    16.5,
  ],
  [
    "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
    undefined,
    0.25,
    1.25,
  ],
  [
    "projects/acme/locations/us-east5/publishers/anthropic/models/claude-sonnet-4@20250514",
    "google.vertex",
    3,
    15,
  ],
  ["claude-sonnet-4@20250514", undefined, 3, 15],
  ["claude-sonnet-4-20250514", undefined, 3, 15],
  ["claude-sonnet-4-0", undefined, 3, 15],
  ["anthropic/claude-sonnet-4", undefined, 3, 15],
  ["vertex_ai/claude-3-5-sonnet-v2@20241022", undefined, 3, 15],
  ["claude-3-5-sonnet-latest", undefined, 3, 15],
  ["claude-3-5-sonnet-20240620", undefined, 3, 15],
  ["anthropic/claude-3.5-sonnet", undefined, 3, 15],
  ["anthropic/claude-3.7-sonnet:thinking", "openrouter", 3, 15],
  ["claude-3-7-sonnet-20250219", undefined, 3, 15],
  ["claude-3-5-haiku-20241022", undefined, 0.8, 4],
  ["anthropic/claude-3.5-haiku", undefined, 0.8, 4],
  ["claude-haiku-4-5-20251001", undefined, 1, 5],
  ["anthropic/claude-haiku-4.5", undefined, 1, 5],
  ["us.anthropic.claude-haiku-4-5-20251001-v1:0", undefined, 1.1, 5.5],
  ["claude-opus-4-20250514", undefined, 15, 75],
  ["anthropic/claude-opus-4", undefined, 15, 75],
  ["claude-opus-4-1-20250805", undefined, 15, 75],
  ["anthropic/claude-opus-4.1", undefined, 15, 75],
  ["claude-opus-4-5-20251101", undefined, 5, 25],
  ["anthropic/claude-opus-4.5", undefined, 5, 25],
  ["global.anthropic.claude-opus-4-5-20251101-v1:0", undefined, 5, 25],
  ["us.anthropic.claude-opus-4-5-20251101-v1:0", undefined, 5.5, 27.5],
  ["claude-opus-4-6", undefined, 5, 25],
  ["claude-3-opus-20240229", undefined, 15, 75],
  ["claude-3-haiku-20240307", undefined, 0.25, 1.25],
  ["gemini-2.5-pro", undefined, 1.25, 10],
  ["google/gemini-2.5-pro", undefined, 1.25, 10],
  ["models/gemini-2.5-pro", "google.generative-ai", 1.25, 10],
  ["models/gemini-2.5-flash:generateContent", undefined, 0.3, 2.5],
  ["publishers/google/models/gemini-2.5-flash", undefined, 0.3, 2.5],
  [
    "projects/acme/locations/us-central1/publishers/google/models/gemini-2.5-flash",
    "google.vertex.chat",
    0.3,
    2.5,
  ],
  ["gemini/gemini-2.5-flash", undefined, 0.3, 2.5],
  ["vertex_ai/gemini-2.5-flash", undefined, 0.3, 2.5],
  ["gemini-2.5-flash-preview-09-2025", "google", 0.3, 2.5],
  ["gemini-2.5-flash-preview-05-20", undefined, 0.15, 0.6],
  ["gemini-2.5-pro-preview-06-05", undefined, 1.25, 10],
  ["gemini-2.5-flash-lite", undefined, 0.1, 0.4],
  ["gemini-2.5-flash-lite-preview-09-2025", undefined, 0.1, 0.4],
  ["google/gemini-2.5-flash-image-preview", undefined, 0.3, 2.5],
  ["gemini-2.5-flash-image", undefined, 0.3, 2.5],
  ["gemini-2.0-flash-001", "google_genai", 0.1, 0.4],
  ["gemini-2.0-flash", "google_vertexai", 0.1, 0.4],
  ["gemini-2.0-flash-lite-001", undefined, 0.075, 0.3],
  ["gemini-1.5-pro-002", undefined, 1.25, 5],
  ["gemini-1.5-flash-latest", undefined, 0.075, 0.3],
  ["gemini-3-pro-preview", undefined, 2, 12],
  ["google/gemini-3-pro-preview", "openrouter", 2, 12],
  ["gemini-3-flash-preview", undefined, 0.5, 3],
  ["gemini-embedding-001", undefined, 0.15, 0],
  ["google/gemini-2.0-flash-exp:free", "openrouter", 0, 0],
  ["mistral-large-latest", "mistral.chat", 2, 6],
  ["mistral-large-2411", "mistralai", 2, 6],
  ["mistral/mistral-large-latest", undefined, 2, 6],
  ["mistralai/mistral-large", "openrouter", 2, 6],
  ["mistral-small-latest", undefined, 0.1, 0.3],
  ["mistral-medium-latest", undefined, 1.5, 7.5],
  ["mistral-medium-2508", undefined, 0.4, 2],
  ["codestral-latest", undefined, 0.3, 0.9],
  ["ministral-8b-latest", undefined, 0.15, 0.15],
  ["pixtral-large-latest", undefined, 2, 6],
  ["open-mistral-nemo", undefined, 0.15, 0.15],
  ["mistral-embed", undefined, 0.1, 0.1],
  ["mistral.mistral-large-2402-v1:0", "bedrock", 4, 12],
  ["grok-4", "xai.chat", 3, 15],
  ["xai/grok-4", undefined, 3, 15],
  ["x-ai/grok-4", "openrouter", 3, 15],
  ["grok-4-0709", undefined, 3, 15],
  ["grok-4-fast-reasoning", undefined, 0.2, 0.5],
  ["x-ai/grok-code-fast-1", undefined, 0.2, 1.5],
  ["grok-3-mini", undefined, 0.3, 0.5],
  ["grok-3-latest", undefined, 3, 15],
  ["grok-2-1212", undefined, 2, 10],
  ["deepseek-chat", "deepseek.chat", 0.27, 1.1],
  ["deepseek/deepseek-chat", undefined, 0.27, 1.1],
  ["deepseek-reasoner", undefined, 0.55, 2.19],
  ["deepseek/deepseek-r1", undefined, 0.55, 2.19],
  ["deepseek/deepseek-v3.2-exp", undefined, 0.27, 0.41],
  ["deepseek.r1-v1:0", "bedrock", 1.35, 5.4],
  ["us.deepseek.r1-v1:0", undefined, 1.35, 5.4],
  ["command-r-plus", "cohere.chat", 2.5, 10],
  ["command-r-plus-08-2024", undefined, 2.5, 10],
  ["command-a-03-2025", undefined, 2.5, 10],
  ["cohere/command-r-08-2024", undefined, 0.15, 0.6],
  ["cohere.command-r-plus-v1:0", "bedrock", 2.5, 10],
  ["embed-v4.0", undefined, 0.12, 0],
  ["llama-3.3-70b-versatile", "groq", 0.59, 0.79],
  ["groq/llama-3.3-70b-versatile", undefined, 0.59, 0.79],
  ["llama-3.1-8b-instant", "groq.chat", 0.05, 0.08],
  ["meta-llama/llama-4-scout-17b-16e-instruct", "groq", 0.11, 0.34],
  ["moonshotai/kimi-k2-instruct", "groq", 1, 3],
  ["qwen/qwen3-32b", "groq", 0.29, 0.59],
  ["meta-llama/llama-3.3-70b-instruct", "openrouter", 0.05, 0.24],
  ["meta-llama/llama-3.3-70b-instruct:free", "openrouter", 0, 0],
  ["qwen/qwen3-max", "openrouter", 1.2, 6],
  ["z-ai/glm-4.6", "openrouter", 0.43, 1.74],
  ["moonshotai/kimi-k2", undefined, 0.57, 2.3],
  ["moonshotai/kimi-k2-0905", "openrouter", 0.6, 2.5],
  ["minimax/minimax-m2", undefined, 0.3, 1.2],
  ["us.meta.llama3-3-70b-instruct-v1:0", "amazon-bedrock", 0.72, 0.72],
  ["meta.llama3-1-8b-instruct-v1:0", undefined, 0.22, 0.22],
  ["us.meta.llama4-maverick-17b-instruct-v1:0", undefined, 0.24, 0.97],
  ["us.amazon.nova-pro-v1:0", undefined, 0.8, 3.2],
  ["amazon.nova-lite-v1:0", "amazon-bedrock", 0.06, 0.24],
  ["amazon/nova-micro-v1", "openrouter", 0.035, 0.14],
  ["meta-llama/Llama-3.3-70B-Instruct-Turbo", "together_ai", 0.88, 0.88],
  ["together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", undefined, 0.88, 0.88],
  ["llama-3.3-70b", "cerebras", 0.85, 1.2],
  ["@cf/meta/llama-3.3-70b-instruct-fp8-fast", "workers-ai", 0.293, 2.253],
  ["sonar", "perplexity", 1, 1],
  ["perplexity/sonar-pro", undefined, 3, 15],
  ["sonar-reasoning-pro", undefined, 2, 8],
  ["voyage-3-large", "voyageai", 0.18, 0],
  ["voyage/voyage-3.5-lite", undefined, 0.02, 0],
  ["anthropic:claude-sonnet-4-5", undefined, 3, 15],
  ["google_genai:gemini-2.5-flash", undefined, 0.3, 2.5],
  ["bedrock:us.anthropic.claude-haiku-4-5-20251001-v1:0", undefined, 1.1, 5.5],
  ["anthropic/claude-sonnet-4.5:floor", "openrouter", 3, 15],
];

/** Names that no list knows: nothing is guessed. */
const UNKNOWN: readonly (readonly [model: string, provider?: string])[] = [
  [
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456",
    "amazon-bedrock",
  ],
  ["claude-2.1"],
  ["anthropic.claude-v2:1", "bedrock"],
  ["gemini-flash-latest"],
  ["text-embedding-004"],
  ["mistral-small-2506"],
  ["magistral-medium-2509"],
  ["amazon.titan-embed-text-v2:0"],
  ["deepseek-ai/DeepSeek-V3", "togetherai.chat"],
  ["accounts/fireworks/models/llama-v3p3-70b-instruct", "fireworks"],
  ["fireworks_ai/accounts/fireworks/models/deepseek-v3"],
  ["accounts/fireworks/models/kimi-k2-instruct-0905"],
  ["llama3.3-70b", "cerebras"],
  ["llama3.2", "ollama"],
  ["llama3.1:8b", "ollama.chat"],
  ["ollama/mistral"],
  ["mistral", "ollama"],
  ["gpt-oss:20b", "ollama"],
  ["qwen2.5-coder:7b"],
  ["my-deployment", "azure"],
  ["gpt-99"],
  ["gpt-5-turbo-ultra", "openai"],
  ["claude-nova-9"],
  ["toString"],
  ["__proto__"],
  ["constructor"],
  ["mock-model"],
  ["local"],
  ["ollama:llama3.2"],
];

/** Prices of earlier days are others. */
const DAY = Date.UTC(2026, 9, 1);
const TRACE = "f".repeat(32);

/** What a thousand tokens of input, and of output, cost by each name. */
async function pricesOf(
  names: readonly (readonly [model: string, provider?: string | undefined, ...unknown[]])[],
): Promise<readonly string[]> {
  // Some cost something for each request, whatever its tokens.
  const kinds = [{ inputTokens: 0 }, { inputTokens: 1_000 }, { outputTokens: 1_000 }];
  await rivulet.traces.record(
    names.flatMap(([model, provider], index) =>
      kinds.map((usage, kind) => ({
        traceId: TRACE,
        id: (3 * index + kind + 1).toString(16).padStart(16, "0"),
        name: `${index} ${kind}`,
        startTime: DAY,
        endTime: DAY,
        model,
        ...(provider === undefined ? {} : { provider }),
        usage,
      })),
    ),
  );
  await rivulet.flush();
  const spans = await rivulet.traces.loadSpans(TRACE);
  await rivulet.traces.delete([TRACE]);
  const costs = new Map(spans.map(({ name, cost }) => [name, cost]));
  return names.map(([model, provider], index) => {
    const [request, input, output] = kinds.map((_usage, kind) => costs.get(`${index} ${kind}`));
    return [model, provider, perMillion(input, request), perMillion(output, request)].join(" ");
  });
}

function perMillion(costOfThousand = Number.NaN, costOfRequest = 0): number | undefined {
  if (Number.isNaN(costOfThousand)) return undefined;
  return Math.round((costOfThousand - costOfRequest) * 1e9) / 1e6;
}

test("models have a price by whatever name a gateway, a cloud or an SDK gives them", async () => {
  expect(PRICED.length).toBeGreaterThanOrEqual(150);
  expect(await pricesOf(PRICED)).toEqual(PRICED.map((row) => row.join(" ")));
  expect(errors).toEqual([]);
});

/** Model, provider, and how the data set names the provider. */
const SOLD: readonly (readonly [model: string, provider: string, seller: string])[] = [
  ["gpt-4o", "openai", "openai"],
  ["gpt-4o-mini-2024-07-18", "openai", "openai"],
  ["gpt-4.1", "openai", "openai"],
  ["gpt-4.1-nano-2025-04-14", "openai", "openai"],
  ["gpt-5", "openai.responses", "openai"],
  ["gpt-5-mini-2025-08-07", "openai", "openai"],
  ["gpt-5.1", "openai", "openai"],
  ["gpt-5.6-sol", "openai", "openai"],
  ["o1", "openai", "openai"],
  ["o3", "openai", "openai"],
  ["o3-mini-2025-01-31", "openai", "openai"],
  ["o4-mini", "openai", "openai"],
  ["gpt-3.5-turbo-0125", "openai", "openai"],
  ["text-embedding-3-small", "openai", "openai"],
  ["claude-3-haiku-20240307", "anthropic", "anthropic"],
  ["claude-3-5-haiku-20241022", "anthropic", "anthropic"],
  ["claude-3-5-sonnet-20241022", "anthropic", "anthropic"],
  ["claude-3-7-sonnet-20250219", "anthropic", "anthropic"],
  ["claude-sonnet-4-20250514", "anthropic.messages", "anthropic"],
  ["claude-sonnet-4-5-20250929", "anthropic", "anthropic"],
  ["claude-haiku-4-5-20251001", "anthropic", "anthropic"],
  ["claude-opus-4-1-20250805", "anthropic", "anthropic"],
  ["claude-opus-4-6", "anthropic", "anthropic"],
  ["gemini-2.0-flash", "google", "google"],
  ["gemini-2.5-flash", "google.vertex.chat", "google"],
  ["gemini-2.5-flash-lite", "google", "google"],
  ["gemini-2.5-pro", "gcp.vertex_ai", "google"],
  ["gemini-3.8-flash", "google", "google"],
  ["mistral-large-latest", "mistral", "mistral"],
  ["mistral-small-latest", "mistralai", "mistral"],
  ["grok-4", "xai", "x-ai"],
  ["grok-3-mini", "xai.chat", "x-ai"],
  ["deepseek-chat", "deepseek", "deepseek"],
  ["command-r-plus", "cohere", "cohere"],
  ["sonar-pro", "perplexity", "perplexity"],
  ["llama-3.3-70b-versatile", "groq", "groq"],
  ["llama-3.1-8b-instant", "groq", "groq"],
  ["amazon.nova-pro-v1:0", "aws.bedrock", "aws"],
];
/** Cached input is part of the input; none of it is long. */
const USAGE = {
  inputTokens: 100_000,
  outputTokens: 7_000,
  cacheReadTokens: 40_000,
  cacheWriteTokens: 10_000,
};

test.each([DAY, Date.UTC(2026, 0, 15), Date.UTC(2027, 5, 1)])(
  "calls cost what the data set's own program says, on each day: %s",
  async (startTime) => {
    const [traceId, endTime] = ["e".repeat(32), startTime];
    await rivulet.traces.record(
      SOLD.map(([model, provider], index) => {
        const id = (index + 1).toString(16).padStart(16, "0");
        const name = `${model} ${provider}`;
        return { traceId, id, name, startTime, endTime, model, provider, usage: USAGE };
      }),
    );
    await rivulet.flush();
    const spans = await rivulet.traces.loadSpans(traceId);
    await rivulet.traces.delete([traceId]);
    const costs = new Map(spans.map(({ name, cost }) => [name, cost]));
    const timestamp = new Date(startTime);
    timestamp.setUTCHours(12);
    const usage = {
      input_tokens: USAGE.inputTokens,
      output_tokens: USAGE.outputTokens,
      cache_read_tokens: USAGE.cacheReadTokens,
      cache_write_tokens: USAGE.cacheWriteTokens,
    };
    const wanted = SOLD.map(([model, provider, providerId]) => {
      const price = calcPrice(usage, model, { providerId, timestamp })?.total_price;
      return `${model} ${provider} ${price?.toFixed(9)}`;
    });
    const found = SOLD.map(([model, provider]) => {
      const name = `${model} ${provider}`;
      return `${name} ${costs.get(name)?.toFixed(9)}`;
    });
    expect(found).toEqual(wanted);
    expect(wanted.filter((row) => row.endsWith("undefined"))).toEqual([]);
  },
);

test("a model that no list knows has no price", async () => {
  expect(await pricesOf(UNKNOWN)).toEqual(
    UNKNOWN.map(([model, provider]) => `${model} ${provider ?? ""}  `),
  );
});

test("the readme names the day and the source of the list", async () => {
  const list = createRequire(import.meta.url)("@rivulet/core/model-prices.json");
  const readme = await readFile(join(import.meta.dirname, "../../packages/core/README.md"), "utf8");
  expect(readme).toContain(`by their prices of ${list.date},`);
  expect(readme).toContain(list.source);
  expect(readme).toContain(`${Object.keys(list.providers).length} providers`);
});
