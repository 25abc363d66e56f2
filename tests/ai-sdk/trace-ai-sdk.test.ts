import { rivuletTelemetry, traceAiSdk } from "@rivulet/ai-sdk";
import * as ai7 from "ai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, tree } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { VERSIONS_6, VERSIONS_6_AND_5 } from "./support/labs.ts";
import { asksFor, finish, opening, says, saysInChunks, streamOf } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

/** The part of the tracer that AI SDK 6 is given. */
interface Tracer {
  startActiveSpan(name: string, options: object, work: (span: TracerSpan) => void): void;
}

interface TracerSpan {
  recordException(exception: object): void;
  setStatus(status: { readonly code: number; readonly message: string }): void;
  end(): void;
}

describe.each(VERSIONS_6_AND_5)("traceAiSdk of ai $version", (lab) => {
  const { model, streaming, mocks } = lab;
  const quiet = { onError: () => undefined };

  function traced(options: Parameters<typeof traceAiSdk>[2] = {}) {
    const client = openClient();
    return { client, ai: traceAiSdk(lab.ai, client.rivulet, options) };
  }

  it("shows a tool loop with the calls in its tools", async () => {
    const { client, ai } = traced();
    const ask = ai.tool({
      inputSchema: z.object({ q: z.string() }),
      execute: async ({ q }) => {
        const { text } = await ai.generateText({ model: model("inner", says("42")), prompt: q });
        return { text };
      },
    });

    await ai.generateText({
      model: model("outer", asksFor({ id: "1", name: "ask", input: '{"q":"why?"}' }), says("done")),
      system: "Be kind.",
      prompt: "Go",
      tools: { ask },
      stopWhen: ai.stepCountIs(3),
      experimental_telemetry: { functionId: "loop" },
    });

    expect(await client.trees()).toBe(tree`
      agent loop: ok
        chat_model chat outer: ok, 10+5 tokens
        tool ask: ok
          chain generateText: ok
            chat_model chat inner: ok, 10+5 tokens
        chat_model chat outer: ok, 10+5 tokens
    `);
    expect(await client.span("loop")).toMatchObject({
      input: {
        messages: [
          { role: "system", content: "Be kind." },
          { role: "user", content: "Go" },
        ],
      },
      output: "done",
    });
    expect(await client.span("ask")).toMatchObject({
      input: { q: "why?" },
      output: { text: "42" },
    });
    const [first] = await client.spans("chat outer");
    expect(first?.output).toMatchObject({
      messages: [
        { content: [{ type: "tool_call", id: "1", name: "ask", arguments: { q: "why?" } }] },
      ],
    });
  });

  it("records what integrations are not told: errors, retries, a broken stream, an error chunk", async () => {
    const { client, ai } = traced();
    let failed = false;
    const shaky = model("shaky", () => {
      if (failed) return says("x");
      failed = true;
      throw new lab.ai.APICallError({
        message: "busy",
        url: "http://localhost",
        requestBodyValues: {},
        isRetryable: true,
        responseHeaders: { "retry-after-ms": "1" },
      });
    });
    const down = model("down", () => {
      throw new Error("no line");
    });
    const broken = () =>
      streamOf(opening("half"), () => {
        throw new Error("socket died");
      });
    const complaining = [
      ...opening("half"),
      { type: "error", error: new Error("overloaded") },
      finish("error"),
    ] as const;

    await ai.generateText({ model: shaky, prompt: "p" });
    await expect(ai.generateText({ model: down, prompt: "p", maxRetries: 0 })).rejects.toThrow();
    await ai
      .streamText({ model: streaming("broken", broken), prompt: "p", ...quiet })
      .consumeStream(quiet);
    await ai
      .streamText({ model: streaming("complaining", complaining), prompt: "p", ...quiet })
      .consumeStream(quiet);

    expect(await client.trees()).toBe(tree`
      chain generateText: ok
        chat_model chat shaky: ok, 10+5 tokens, retry
      chain generateText: error (no line)
        chat_model chat down: error (no line)
      chain streamText: error (socket died)
        chat_model chat broken: error (socket died)
      chain streamText: error (overloaded)
        chat_model chat complaining: error (overloaded), 10+5 tokens
    `);
  });

  it("records a stream with its first token, and what came before an abort", async () => {
    const { client, ai } = traced();
    const stop = new AbortController();
    const waiting = () =>
      new Promise<never>((_, reject) => {
        stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
        stop.abort();
      });

    await ai
      .streamText({ model: streaming("whole", saysInChunks("a", "b")), prompt: "p" })
      .consumeStream();
    await ai
      .streamText({
        model: streaming("half", () => streamOf(opening("half"), waiting)),
        prompt: "p",
        abortSignal: stop.signal,
        ...quiet,
      })
      .consumeStream(quiet);

    expect(await client.trees()).toBe(tree`
      chain streamText: ok
        chat_model chat whole: ok, 10+5 tokens
      chain streamText: cancelled (This operation was aborted)
        chat_model chat half: cancelled (This operation was aborted)
    `);
    expect((await client.span("chat whole")).timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
    expect((await client.span("chat half")).output).toMatchObject({
      messages: [{ content: "half" }],
    });
  });

  it("takes a stop for no error, whatever its reason and however the provider breaks of it", async () => {
    const { client, ai } = traced();
    const stop = new AbortController();
    const breaks = () =>
      new Promise<never>((_, reject) => {
        stop.signal.addEventListener("abort", () => reject(new Error("Failed to process")));
        stop.abort(new Error("user left"));
      });

    await ai
      .streamText({
        model: streaming("half", () => streamOf(opening("half"), breaks)),
        prompt: "p",
        abortSignal: stop.signal,
        ...quiet,
      })
      .consumeStream(quiet);

    expect(await client.trees()).toBe(tree`
      chain streamText: cancelled (user left)
        chat_model chat half: cancelled (user left)
    `);
  });

  it("closes a stream that its reader left as abandoned", async () => {
    const { client, ai } = traced({ abandonAfterMs: 20 });
    const letters = "abcdefghijklmnopqrstuvwxyz".repeat(40).split("");

    await ai
      .streamText({ model: streaming("m", saysInChunks(...letters)), prompt: "p" })
      .textStream.getReader()
      .read();

    // This SDK reads the model to its end, whoever reads on.
    await eventually(async () =>
      expect(await client.trees()).toBe(tree`
        chain streamText: abandoned (Its consumer left before the end.)
          chat_model chat m: ok, 10+5 tokens
      `),
    );
  });

  it("records embeddings, ranking and objects", async () => {
    const { client, ai } = traced();
    const vectors = new mocks.MockEmbeddingModelV3({
      modelId: "vectors",
      maxEmbeddingsPerCall: 2,
      doEmbed: async ({ values }) => ({
        embeddings: values.map(() => [1, 2, 3]),
        usage: { tokens: values.length * 4 },
        warnings: [],
      }),
    });
    const schema = z.object({ n: z.number() });

    await ai.embed({ model: vectors, value: "a" });
    await ai.embedMany({ model: vectors, values: ["a", "b", "c"], maxParallelCalls: 1 });
    await ai.generateObject({ model: model("m", says('{"n":1}')), schema, prompt: "p" });
    const streamed = ai.streamObject({
      model: streaming("s", saysInChunks('{"n"', ":1}")),
      schema,
      prompt: "p",
    });
    for await (const _ of streamed.partialObjectStream);
    await expect(
      ai.generateObject({ model: model("bad", says("nonsense")), schema, prompt: "p" }),
    ).rejects.toThrow();

    expect(await client.trees()).toBe(tree`
      embedding embed: ok, 4 tokens
      chain embedMany: ok
        embedding embed vectors: ok, 8 tokens
        embedding embed vectors: ok, 4 tokens
      chain generateObject: ok
        chat_model chat m: ok, 10+5 tokens
      chain streamObject: ok
        chat_model chat s: ok, 10+5 tokens
      chain generateObject: error (No object generated: could not parse the response.)
        chat_model chat bad: ok, 10+5 tokens
    `);
    expect(await client.span("embed")).toMatchObject({
      input: "a",
      output: { embeddings: 1, dimensions: 3 },
    });
    expect((await client.span("embedMany")).output).toEqual({ embeddings: 3, dimensions: 3 });
    expect((await client.span("streamObject")).output).toEqual({ n: 1 });
  });

  it("records agents by their id, also subclasses", async () => {
    const { client, ai } = traced();
    class Helper extends ai.ToolLoopAgent {}
    const agent = new Helper({ id: "helper", model: model("m", says("x")) });
    const streamingAgent = new ai.ToolLoopAgent({
      id: "streamer",
      model: streaming("s", saysInChunks("y")),
    });

    expect(agent).toBeInstanceOf(lab.ai.ToolLoopAgent);
    await agent.generate({ prompt: "p" });
    await (await streamingAgent.stream({ prompt: "q" })).consumeStream();

    expect(await client.trees()).toBe(tree`
      agent helper: ok
        chat_model chat m: ok, 10+5 tokens
      agent streamer: ok
        chat_model chat s: ok, 10+5 tokens
    `);
    expect((await client.span("helper")).input).toEqual({
      messages: [{ role: "user", content: "p" }],
    });
  });

  it("leaves calls alone that say so", async () => {
    const { client, ai } = traced();
    installForTest(rivuletTelemetry(client.rivulet));

    await ai.generateText({
      model: model("m", says("x")),
      prompt: "p",
      experimental_telemetry: { isEnabled: false },
    });

    expect(await client.trees()).toBe("");
  });

  it("keeps neither inputs nor outputs when told so", async () => {
    const { client, ai } = traced();
    const look = ai.tool({
      inputSchema: z.object({ q: z.string() }),
      execute: async () => "SECRET",
    });

    await ai.generateText({
      model: model(
        "m",
        asksFor({ id: "1", name: "look", input: '{"q":"SECRET"}' }),
        says("SECRET"),
      ),
      prompt: "SECRET",
      tools: { look },
      stopWhen: ai.stepCountIs(2),
      experimental_telemetry: { recordInputs: false, recordOutputs: false },
    });

    for (const name of ["generateText", "chat m", "look"]) {
      expect(JSON.stringify(await client.spans(name))).not.toContain("SECRET");
    }
    expect(await client.trees()).toContain("10+5 tokens");
  });

  it("records a model that is named by its id alone", async () => {
    const { client, ai } = traced();
    const globals = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
    globals.AI_SDK_DEFAULT_PROVIDER = lab.ai.customProvider({
      languageModels: { small: model("small", says("x")) },
    });

    await ai.generateText({ model: "small", prompt: "p" });
    delete globals.AI_SDK_DEFAULT_PROVIDER;

    expect(await client.trees()).toBe(tree`
      chain generateText: ok
        chat_model chat small: ok, 10+5 tokens
    `);
    expect(await client.span("chat small")).toMatchObject({
      input: { messages: [{ role: "user", content: "p" }] },
      output: { messages: [{ role: "assistant", content: "x" }] },
    });
  });
});

describe.each(VERSIONS_6)("traceAiSdk beside the integration of ai $version", (lab) => {
  const { model } = lab;

  function traced() {
    const client = openClient();
    return { client, ai: traceAiSdk(lab.ai, client.rivulet) };
  }

  it("counts nothing twice where the integration is installed as well", async () => {
    const { client, ai } = traced();
    installForTest(rivuletTelemetry(client.rivulet));
    const plain = lab.ai.tool({
      inputSchema: z.object({}),
      execute: async () =>
        (await lab.ai.generateText({ model: model("plain", says("i")), prompt: "n" })).text,
    });

    await ai.generateText({
      model: model("m", asksFor({ id: "1", name: "plain" }), says("x")),
      prompt: "p",
      tools: { plain },
      stopWhen: ai.stepCountIs(2),
    });

    expect(await client.trees()).toBe(tree`
      agent generateText: ok
        chat_model chat m: ok, 10+5 tokens
        tool plain: ok
          chain generate: ok
            task step 1: ok
              chat_model chat plain: ok, 10+5 tokens
        chat_model chat m: ok, 10+5 tokens
    `);
  });

  it("leaves a call with a tracer of its own to the integration", async () => {
    const { client, ai } = traced();
    installForTest(rivuletTelemetry(client.rivulet));
    const names: string[] = [];
    const span = new Proxy({}, { get: () => () => span });
    const tracer = {
      startSpan: () => span,
      startActiveSpan(name: string, ...rest: unknown[]) {
        names.push(name);
        return (rest.at(-1) as (given: object) => unknown)(span);
      },
    };

    await ai.generateText({
      model: model("m", says("x")),
      prompt: "p",
      experimental_telemetry: { isEnabled: true, tracer } as object,
    });

    expect(names).toEqual(["ai.generateText", "ai.generateText.doGenerate"]);
    expect(await client.trees()).toBe(tree`
      chain generate: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
    `);
  });
});

describe("traceAiSdk", () => {
  it("ends a call by the first of several errors that the SDK tells of", async () => {
    const client = openClient();
    const sdk = {
      generateText: (options: { experimental_telemetry: { tracer: Tracer } }) =>
        options.experimental_telemetry.tracer.startActiveSpan("ai.generateText", {}, (span) => {
          span.recordException({ name: "Error", message: "the cause" });
          span.recordException({ name: "Error", message: "what came of it" });
          span.setStatus({ code: 2, message: "the end" });
          span.end();
        }),
    };

    traceAiSdk(sdk, client.rivulet).generateText({} as Parameters<typeof sdk.generateText>[0]);

    expect(await client.trees()).toBe("chain generateText: error (the cause)");
  });

  it("refuses AI SDK 7 with what to do instead", () => {
    const { rivulet } = openClient();

    expect(() => traceAiSdk(ai7, rivulet)).toThrow(
      expect.objectContaining({
        code: "unsupported",
        message:
          "traceAiSdk is for AI SDK 5 and 6; with AI SDK 7 call registerTelemetry(rivuletTelemetry(rivulet)).",
      }),
    );
  });
});
