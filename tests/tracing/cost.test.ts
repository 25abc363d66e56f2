import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ModelPrice,
  reportedParts,
  type TokenUsage,
  type TracingOptions,
} from "@rivulet/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient, type TestClient } from "./client.ts";

/** What a call has besides its usage. */
interface Call {
  readonly model?: string;
  readonly provider?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The cost of one call, as stored. */
async function costOf(
  { rivulet, spans }: TestClient,
  usage: TokenUsage,
  { model = "m", provider, attributes = {} }: Call = {},
): Promise<number | undefined> {
  const span = rivulet.startSpan("call", { type: "chat_model", model, attributes });
  if (provider !== undefined) span.setModel(model, provider);
  span.setUsage(usage);
  span.end();
  return (await spans(span.traceId))["call"]?.cost;
}

/** A client that knows the price of the model `m`. */
function priced(price: ModelPrice): TestClient {
  return openClient({ prices: { m: price } });
}

const MILLION = 1_000_000;

test("prices the writes of an hour, audio, images and reasoning each by their own price", async () => {
  const client = priced({
    input: 1,
    output: 2,
    cacheRead: 0.5,
    cacheWrite: 4,
    cacheWrite1h: 8,
    reasoning: 3,
    audioInput: 16,
    audioOutput: 32,
    imageInput: 64,
    imageOutput: 128,
  });
  const usage = {
    inputTokens: 8 * MILLION,
    cacheReadTokens: MILLION,
    cacheWriteTokens: 3 * MILLION,
    cacheWrite1hTokens: 2 * MILLION,
    audioInputTokens: MILLION,
    imageInputTokens: MILLION,
    outputTokens: 6 * MILLION,
    reasoningTokens: MILLION,
    audioOutputTokens: MILLION,
    imageOutputTokens: MILLION,
  };
  // Two million of input and three of output are plain.
  expect(await costOf(client, usage)).toBe(2 + 0.5 + 4 + 16 + 16 + 64 + 3 * 2 + 3 + 32 + 128);
});

test.each([
  [
    "OpenAI's",
    {
      input_token_details: {
        audio_tokens: 3 * MILLION,
        image_tokens: MILLION,
        cached_tokens: 4 * MILLION,
        cached_tokens_details: { audio_tokens: 2 * MILLION, image_tokens: MILLION },
      },
    },
  ],
  [
    "Google's",
    {
      promptTokensDetails: [
        { modality: "AUDIO", tokenCount: 3 * MILLION },
        { modality: "IMAGE", tokenCount: MILLION },
      ],
      cached_tokens: 4 * MILLION,
      cacheTokensDetails: [
        { modality: "TEXT", tokenCount: MILLION },
        { modality: "AUDIO", tokenCount: 2 * MILLION },
        { modality: "IMAGE", tokenCount: MILLION },
      ],
    },
  ],
])("prices audio and images that come from %s cache once", async (_, own) => {
  const client = priced({ input: 1, output: 0, cacheRead: 0.5, audioInput: 16, imageInput: 64 });
  const parts = reportedParts(own);
  expect(parts).toEqual({ cacheReadTokens: 4 * MILLION, audioInputTokens: MILLION });
  // One million of audio was heard anew, and five of text read.
  expect(await costOf(client, { inputTokens: 10 * MILLION, ...parts })).toBe(4 * 0.5 + 16 + 5);
});

test("prices parts without a price of their own like the whole", async () => {
  const usage = {
    inputTokens: 4 * MILLION,
    cacheWriteTokens: MILLION,
    cacheWrite1hTokens: MILLION,
    audioInputTokens: MILLION,
    outputTokens: 2 * MILLION,
    imageOutputTokens: MILLION,
  };
  expect(await costOf(priced({ input: 1, output: 10 }), usage)).toBe(4 + 20);
});

test("prices a long call by the prices of long calls, as a whole", async () => {
  const client = priced({
    input: 1,
    output: 10,
    cacheRead: 0.5,
    longContext: [
      { above: 200_000, input: 2, output: 20 },
      { above: MILLION, input: 4 },
    ],
  });
  expect(await costOf(client, { inputTokens: 200_000 })).toBe(0.2);
  expect(await costOf(client, { inputTokens: 400_000, outputTokens: MILLION })).toBe(0.8 + 20);
  expect(await costOf(client, { inputTokens: 2 * MILLION, outputTokens: MILLION })).toBe(8 + 10);
});

test("knows the prices of long calls of well-known models", async () => {
  const call = { model: "gemini-2.5-pro", provider: "google" };
  expect(await costOf(openClient(), { inputTokens: 200_000 }, call)).toBe(0.25);
  expect(await costOf(openClient(), { inputTokens: 400_000 }, call)).toBe(1);
});

test("prices a call as on the day when it started", async () => {
  const client = priced({
    input: 8,
    output: 0,
    longContext: [{ above: MILLION, input: 16 }],
    serviceTiers: { batch: 0.5 },
    changes: [
      { from: "2026-03-13", input: 4, output: 0 },
      { from: "2027-01-01", input: 2, output: 0 },
    ],
  });
  const cost = async (startTime: number, attributes = {}): Promise<number | undefined> => {
    const [traceId, id] = [(startTime / 1_000).toString(16).padStart(32, "0"), "1".repeat(16)];
    const span = { traceId, id, name: "call", startTime, endTime: startTime, model: "m" };
    const usage = { inputTokens: 2 * MILLION };
    await client.rivulet.traces.record([{ ...span, attributes, usage }]);
    return (await client.spans(traceId))["call"]?.cost;
  };
  expect(await cost(Date.UTC(2026, 2, 13) - 1_000)).toBe(32);
  expect(await cost(Date.UTC(2026, 2, 13))).toBe(8);
  expect(await cost(Date.UTC(2027, 0, 1) - 1_000, { serviceTier: "batch" })).toBe(4);
  expect(await cost(Date.UTC(2027, 0, 1), { serviceTier: "batch" })).toBe(2);
});

test("adds what each request costs", async () => {
  expect(await costOf(priced({ input: 1, output: 1, request: 0.005 }), { inputTokens: 0 })).toBe(
    0.005,
  );
});

test("adds what searches by the provider cost, the same in each tier", async () => {
  const client = priced({
    input: 1,
    output: 1,
    webSearch: 0.01,
    fileSearch: 0.5,
    serviceTiers: { flex: 0 },
  });
  const cost = (attributes: object): Promise<number | undefined> =>
    costOf(client, { inputTokens: MILLION }, { attributes: { ...attributes } });
  expect(await cost({ webSearches: 3 })).toBe(1.03);
  expect(await cost({ webSearches: 3, fileSearches: 2, serviceTier: "flex" })).toBe(1.03);
  expect(await cost({ webSearches: -3, fileSearches: "2" })).toBe(1);
  const call = { model: "claude-sonnet-4-5", attributes: { webSearches: 2 } };
  expect(await costOf(openClient(), { inputTokens: 0 }, call)).toBe(0.02);
});

test.each([
  ["default", 2],
  ["standard", 2],
  ["on_demand", 2],
  ["flex", 1],
  ["ON_DEMAND_FLEX", 1],
  ["batch", 1],
  ["priority", undefined],
  ["fast", undefined],
  ["PROVISIONED_THROUGHPUT", undefined],
  [12, 2],
])("a call in the service tier %s costs %s", async (serviceTier, cost) => {
  const client = priced({ input: 2, output: 0, serviceTiers: { batch: 0.5, flex: 0.5 } });
  const usage = { inputTokens: MILLION };
  expect(await costOf(client, usage, { attributes: { serviceTier, other: "x" } })).toBe(cost);
});

test("half the price is what a batch of a well-known model costs", async () => {
  const call = { model: "gpt-4o", attributes: { serviceTier: "batch" } };
  expect(await costOf(openClient(), { inputTokens: MILLION }, call)).toBe(1.25);
});

test("what a cache answered costs nothing, whatever the model", async () => {
  const usage = { inputTokens: MILLION };
  const cached = { attributes: { cached: true } };
  expect(await costOf(openClient(), usage, { model: "gpt-4o", ...cached })).toBe(0);
  expect(await costOf(openClient(), usage, { model: "unheard-of", ...cached })).toBe(0);
});

async function fileOf(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-prices-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "prices.json");
  await writeFile(path, content);
  return path;
}

test("a file of prices may begin with the mark that editors of Windows put there", async () => {
  const pricesFile = await fileOf(`\uFEFF${JSON.stringify({ mine: { input: 8, output: 0 } })}`);
  const usage = { inputTokens: MILLION };
  expect(await costOf(openClient({ pricesFile }), usage, { model: "mine" })).toBe(8);
});

test("a file of prices is stronger than the list and weaker than the code", async () => {
  const pricesFile = await fileOf(
    JSON.stringify({ "gpt-4o": { input: 7, output: 0 }, mine: { input: 8, output: 0 } }),
  );
  const options: TracingOptions = { pricesFile, prices: { mine: { input: 9, output: 0 } } };
  const usage = { inputTokens: MILLION };
  const cost = (model: string): Promise<number | undefined> =>
    costOf(openClient(options), usage, { model });
  expect(await cost("gpt-4o")).toBe(7);
  expect(await cost("openai/gpt-4o-2024-08-06")).toBe(7);
  expect(await cost("mine")).toBe(9);
  expect(await cost("gpt-4o-mini")).toBe(0.15);
});

test("the environment names the file of prices", async () => {
  vi.stubEnv("RIVULET_PRICES", await fileOf('{ "mine": { "input": 3, "output": 0 } }'));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await costOf(openClient(), { inputTokens: MILLION }, { model: "mine" })).toBe(3);
});

test.each([
  ["is not there", undefined, "ENOENT"],
  ["is not JSON", "{", "JSON"],
  ["has a price that is none", '{ "m": { "input": "3", "output": 0 } }', "prices.m.input"],
  ["has a misspelt price", '{ "m": { "input": 3, "output": 0, "cached": 1 } }', "cached"],
])("a file of prices that %s is reported once, and the list holds", async (_name, content, why) => {
  const pricesFile = content === undefined ? "/nowhere/prices.json" : await fileOf(content);
  const client = openClient({ pricesFile });
  const usage = { inputTokens: MILLION };
  expect(await costOf(client, usage, { model: "gpt-4o" })).toBe(2.5);
  expect(await costOf(client, usage, { model: "m" })).toBeUndefined();
  expect(client.errors.map(String)).toEqual([
    expect.stringContaining(`The file of prices ${pricesFile} was left out: `),
  ]);
  expect(String(client.errors[0])).toContain(why);
});

test("wrong prices in the code are reported, and the list holds", async () => {
  const prices = { m: { input: "1" } } as unknown as Readonly<Record<string, ModelPrice>>;
  const client = openClient({ prices });
  expect(await costOf(client, { inputTokens: MILLION }, { model: "gpt-4o" })).toBe(2.5);
  expect(client.errors.map(String)).toEqual([expect.stringContaining("tracing.prices.m")]);
});
