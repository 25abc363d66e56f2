import { rivuletMiddleware, rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { openClient, type TestClient, tree } from "./support/client.ts";
import { VERSIONS_5, VERSIONS_6_AND_5, VERSIONS_7 } from "./support/labs.ts";
import { asksFor, finish, opening, says, saysInChunks, streamOf } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

interface Sdk {
  readonly version: string;
  generate(client: TestClient, options?: object): Promise<unknown>;
  /** Reads the whole stream. */
  stream(
    client: TestClient,
    chunks: Parameters<typeof streamOf>,
    options?: object,
  ): Promise<unknown>;
  failing(client: TestClient): Promise<unknown>;
}

const quiet = { onError: () => undefined };

const SDKS: readonly Sdk[] = [
  ...VERSIONS_7.map(({ version, ai, model, streaming }): Sdk => {
    const wrap = (client: TestClient, wrapped: ReturnType<typeof model>) =>
      ai.wrapLanguageModel({ model: wrapped, middleware: rivuletMiddleware(client.rivulet) });
    return {
      version,
      generate: (client, options) =>
        ai.generateText({
          model: wrap(client, model("m", says("Hello!"))),
          instructions: "Be kind.",
          prompt: "Hi",
          temperature: 0.5,
          ...options,
        }),
      stream: async (client, chunks, options) =>
        ai
          .streamText({
            model: wrap(
              client,
              streaming("m", () => streamOf(...chunks)),
            ),
            prompt: "Hi",
            ...quiet,
            ...options,
          })
          .consumeStream(quiet),
      failing: (client) =>
        ai.generateText({
          model: wrap(
            client,
            model("m", () => {
              throw new Error("down");
            }),
          ),
          prompt: "Hi",
          maxRetries: 0,
        }),
    };
  }),
  ...VERSIONS_6_AND_5.map(({ version, ai, model, streaming }): Sdk => {
    const specificationVersion = version.startsWith("5") ? ("v2" as "v3") : "v3";
    const wrap = (client: TestClient, wrapped: ReturnType<typeof model>) =>
      ai.wrapLanguageModel({
        model: wrapped,
        middleware: rivuletMiddleware(client.rivulet, { specificationVersion }),
      });
    return {
      version,
      generate: (client, options) =>
        ai.generateText({
          model: wrap(client, model("m", says("Hello!"))),
          system: "Be kind.",
          prompt: "Hi",
          temperature: 0.5,
          ...options,
        }),
      stream: async (client, chunks, options) =>
        ai
          .streamText({
            model: wrap(
              client,
              streaming("m", () => streamOf(...chunks)),
            ),
            prompt: "Hi",
            ...quiet,
            ...options,
          })
          .consumeStream(quiet),
      failing: (client) =>
        ai.generateText({
          model: wrap(
            client,
            model("m", () => {
              throw new Error("down");
            }),
          ),
          prompt: "Hi",
          maxRetries: 0,
        }),
    };
  }),
];

describe.each(SDKS)("rivuletMiddleware with ai $version", (sdk) => {
  it("records the call of a model by itself", async () => {
    const client = openClient();

    await sdk.generate(client);

    expect(await client.trees()).toBe("chat_model chat m: ok, 10+5 tokens");
    expect(await client.span("chat m")).toMatchObject({
      model: "m",
      provider: "mock-provider",
      input: {
        messages: [
          { role: "system", content: "Be kind." },
          { role: "user", content: "Hi" },
        ],
      },
      output: { messages: [{ role: "assistant", content: "Hello!" }] },
      attributes: { temperature: 0.5, finishReason: "stop" },
    });
  });

  it("hangs the call under the span that is active", async () => {
    const client = openClient();

    await client.rivulet.withSpan("request", async () => {
      await sdk.generate(client);
    });

    expect(await client.trees()).toBe(tree`
      unknown request: ok
        chat_model chat m: ok, 10+5 tokens
    `);
  });

  it("records a stream with the time to its first token", async () => {
    const client = openClient();

    await sdk.stream(client, [saysInChunks("Hel", "lo")]);

    expect(await client.trees()).toBe("chat_model chat m: ok, 10+5 tokens");
    const span = await client.span("chat m");
    expect(span.output).toEqual({ messages: [{ role: "assistant", content: "Hello" }] });
    expect(span.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
  });

  it("records errors: of the call, in a chunk, and of the connection", async () => {
    const client = openClient();

    await expect(sdk.failing(client)).rejects.toThrow("down");
    await sdk.stream(client, [
      [...opening("a"), { type: "error", error: new Error("overloaded") }, finish("error")],
    ]);
    await sdk.stream(client, [
      opening("a"),
      () => {
        throw new Error("socket died");
      },
    ]);

    expect(await client.trees()).toBe(tree`
      chat_model chat m: error (down)
      chat_model chat m: error (overloaded), 10+5 tokens
      chat_model chat m: error (socket died)
    `);
  });

  it("records what came before an abort", async () => {
    const client = openClient();
    const stop = new AbortController();
    const waiting = () =>
      new Promise<never>((_, reject) => {
        stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
        stop.abort();
      });

    await sdk.stream(client, [opening("half"), waiting], { abortSignal: stop.signal });

    const span = await client.span("chat m");
    expect(span).toMatchObject({
      status: "cancelled",
      statusMessage: "This operation was aborted",
      output: { messages: [{ role: "assistant", content: "half" }] },
    });
  });

  it("counts nothing twice where telemetry records the call", async () => {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));

    await sdk.generate(client);
    await sdk.stream(client, [saysInChunks("Hel", "lo")]);

    expect(await client.spans("chat m")).toHaveLength(2);
    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    expect(items.map(({ usage }) => usage.totalTokens)).toEqual([15, 15]);
  });

  it("keeps neither inputs nor outputs when told so", async () => {
    const client = openClient();
    const [lab] = VERSIONS_7;
    const wrapped = lab?.ai.wrapLanguageModel({
      model: lab.model("m", asksFor({ id: "1", name: "secret" })),
      middleware: rivuletMiddleware(client.rivulet, { recordInputs: false, recordOutputs: false }),
    });
    if (lab === undefined || wrapped === undefined) throw new Error("There is no lab.");

    await lab.ai.generateText({ model: wrapped, prompt: "secret" });

    const span = await client.span("chat m");
    expect(JSON.stringify(span)).not.toContain("secret");
    expect(span.usage?.totalTokens).toBe(15);
  });
});

describe("rivuletMiddleware", () => {
  it.each(VERSIONS_5)("is a middleware of ai $version by its type", async ({ ai, model }) => {
    const client = openClient();
    const middleware = rivuletMiddleware(client.rivulet, { specificationVersion: "v2" });
    const wrapped = ai.wrapLanguageModel({ model: model("m", says("x")), middleware });

    await ai.generateText({ model: wrapped, prompt: "p" });

    expect(await client.trees()).toBe("chat_model chat m: ok, 10+5 tokens");
  });

  it("reads the usage of providers that write it flat", async () => {
    const client = openClient();
    const usage = {
      inputTokens: 10,
      outputTokens: 5,
      totalTokens: 15,
      cachedInputTokens: 4,
      reasoningTokens: 2,
    };
    const middleware = rivuletMiddleware(client.rivulet);

    await middleware.wrapGenerate({
      doGenerate: async () => ({ ...says("Hello!"), usage }),
      params: {},
      model: { modelId: "m" },
    });

    expect((await client.span("chat m")).usage).toEqual({
      inputTokens: 10,
      outputTokens: 5,
      totalTokens: 15,
      cacheReadTokens: 4,
      reasoningTokens: 2,
    });
  });
});
