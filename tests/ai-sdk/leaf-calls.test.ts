import { rivuletMiddleware, rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, tree } from "./support/client.ts";
import { VERSIONS_7 } from "./support/labs.ts";
import { says, saysInChunks } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

describe.each(VERSIONS_7)("embeddings, ranking and objects of ai $version", (lab) => {
  const { ai, model, streaming, mocks } = lab;

  function listen() {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    return client;
  }

  function vectors(fail: () => void = () => undefined) {
    return new mocks.MockEmbeddingModelV4({
      modelId: "vectors",
      maxEmbeddingsPerCall: 2,
      doEmbed: async ({ values }) => {
        fail();
        return {
          embeddings: values.map(() => [0.1, 0.2, 0.3]),
          usage: { tokens: values.length * 4 },
          warnings: [],
        };
      },
    });
  }

  it("records an embedding without its vector", async () => {
    const client = listen();

    await ai.embed({ model: vectors(), value: "sunny day" });

    expect(await client.trees()).toBe("embedding embed: ok, 4 tokens");
    expect(await client.span("embed")).toMatchObject({
      model: "vectors",
      provider: "mock-provider",
      input: "sunny day",
      output: { embeddings: 1, dimensions: 3 },
      usage: { inputTokens: 4, totalTokens: 4 },
    });
  });

  it("shows another attempt at an embedding as an event", async () => {
    const client = listen();
    let failed = false;
    const shaky = vectors(() => {
      if (failed) return;
      failed = true;
      throw new ai.APICallError({
        message: "busy",
        url: "http://localhost",
        requestBodyValues: {},
        isRetryable: true,
        responseHeaders: { "retry-after-ms": "1" },
      });
    });

    await ai.embed({ model: shaky, value: "x" });

    expect(await client.trees()).toBe("embedding embed: ok, 4 tokens, retry");
  });

  it("records each call that embedMany makes", async () => {
    const client = listen();

    await ai.embedMany({ model: vectors(), values: ["a", "b", "c"], maxParallelCalls: 1 });

    expect(await client.trees()).toBe(tree`
      chain embedMany: ok
        embedding embed vectors: ok, 8 tokens
        embedding embed vectors: ok, 4 tokens
    `);
    const calls = await client.spans("embed vectors");
    expect(calls.map(({ input, output }) => [input, output])).toEqual([
      [["a", "b"], { embeddings: 2, dimensions: 3 }],
      [["c"], { embeddings: 1, dimensions: 3 }],
    ]);
    expect((await client.span("embedMany")).output).toEqual({ embeddings: 3, dimensions: 3 });
  });

  it("closes everything when an embedding fails", async () => {
    const client = listen();
    const broken = vectors(() => {
      throw new Error("no vectors");
    });

    await expect(ai.embed({ model: broken, value: "x", maxRetries: 0 })).rejects.toThrow();
    await expect(
      ai.embedMany({ model: broken, values: ["a", "b", "c"], maxRetries: 0, maxParallelCalls: 1 }),
    ).rejects.toThrow();

    expect(await client.trees()).toBe(tree`
      embedding embed: error (no vectors)
      chain embedMany: error (no vectors)
        embedding embed vectors: error (no vectors)
    `);
  });

  it("records a ranking", async () => {
    const client = listen();
    const ranker = new mocks.MockRerankingModelV4({
      modelId: "ranker",
      doRerank: async () => ({ ranking: [{ index: 1, relevanceScore: 0.9 }], warnings: [] }),
    });

    await ai.rerank({ model: ranker, documents: ["rain", "sun"], query: "warm" });

    expect(await client.trees()).toBe("reranker rerank: ok");
    expect(await client.span("rerank")).toMatchObject({
      model: "ranker",
      input: { query: "warm", documents: ["rain", "sun"] },
      output: [{ index: 1, score: 0.9 }],
    });
  });

  const schema = z.object({ n: z.number() });

  it("records generateObject with its model call", async () => {
    const client = listen();

    await ai.generateObject({
      model: model("m", says('{"n":1}')),
      schema,
      prompt: "p",
      temperature: 0,
    });

    expect(await client.trees()).toBe(tree`
      chain generateObject: ok
        chat_model chat m: ok, 10+5 tokens
    `);
    expect(await client.span("generateObject")).toMatchObject({ output: { n: 1 } });
    expect(await client.span("chat m")).toMatchObject({
      input: { messages: [{ role: "user", content: "p" }] },
      output: { messages: [{ role: "assistant", content: '{"n":1}' }] },
    });
  });

  it("records why generateObject gave no object", async () => {
    const client = listen();

    await expect(
      ai.generateObject({ model: model("m", says("nonsense")), schema, prompt: "p" }),
    ).rejects.toThrow();

    expect(await client.trees()).toBe(tree`
      chain generateObject: error (No object generated: could not parse the response.)
        chat_model chat m: ok, 10+5 tokens
    `);
  });

  it("records streamObject", async () => {
    const client = listen();

    const result = ai.streamObject({
      model: streaming("m", saysInChunks('{"n"', ":1}")),
      schema,
      prompt: "p",
    });

    for await (const _ of result.partialObjectStream);

    expect(await result.object).toEqual({ n: 1 });
    expect(await client.trees()).toBe(tree`
      chain streamObject: ok
        chat_model chat m: ok, 10+5 tokens
    `);
    const span = await client.span("chat m");
    expect(span.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
    expect(span.output).toEqual({ messages: [{ role: "assistant", content: '{"n":1}' }] });
  });

  it("sees the model call of an object from inside with the middleware, and counts it once", async () => {
    const client = listen();
    const wrapped = ai.wrapLanguageModel({
      model: model("m", says('{"n":1}')),
      middleware: rivuletMiddleware(client.rivulet),
    });

    await client.rivulet.withSpan("request", async (span) => {
      await ai.generateObject({ model: wrapped, schema, prompt: "p", seed: 7 });
      expect(client.rivulet.activeSpan()).toBe(span);
    });

    expect(await client.trees()).toBe(tree`
      unknown request: ok
        chain generateObject: ok
          chat_model chat m: ok, 10+5 tokens
    `);
  });
});
