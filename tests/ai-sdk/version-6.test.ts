import { rivuletMiddleware, rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, tree } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { VERSIONS_6 } from "./support/labs.ts";
import {
  asksFor,
  finish,
  opening,
  says,
  saysInChunks,
  streamOf,
  toolCall,
} from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

describe.each(VERSIONS_6)("the integration of ai $version", ({ ai, model, streaming }) => {
  function listen(options: Parameters<typeof rivuletTelemetry>[1] = {}) {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet, options));
    return client;
  }

  const inner = () => ai.generateText({ model: model("inner", says("i")), prompt: "n" });
  const ask = ai.tool({
    description: "asks",
    inputSchema: z.object({}),
    execute: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return (await inner()).text;
    },
  });
  const asking = asksFor({ id: "A", name: "ask" }, { id: "B", name: "ask" });
  const NESTED = tree`
    agent generate: ok
      task step 1: ok
        chat_model chat outer: ok, 10+5 tokens
        tool ask: ok
          chain generate: ok
            task step 1: ok
              chat_model chat inner: ok, 10+5 tokens
        tool ask: ok
          chain generate: ok
            task step 1: ok
              chat_model chat inner: ok, 10+5 tokens
      task step 2: ok
        chat_model chat outer: ok, 10+5 tokens
  `;

  it("shows calls, steps, model calls, parallel tools, and what they call", async () => {
    const client = listen();

    await ai.generateText({
      model: model("outer", asking, says("done")),
      system: "Be kind.",
      prompt: "Go",
      tools: { ask },
      stopWhen: ai.stepCountIs(3),
    });

    expect(await client.trees()).toBe(NESTED);
    const [first] = await client.spans("chat outer");
    expect(first).toMatchObject({
      model: "outer",
      input: {
        messages: [
          { role: "system", content: "Be kind." },
          { role: "user", content: "Go" },
        ],
        tools: [{ name: "ask", description: "asks" }],
      },
      attributes: { finishReason: "tool-calls" },
    });
    expect(first?.output).toEqual({
      messages: [
        {
          role: "assistant",
          content: [
            { type: "tool_call", id: "A", name: "ask", arguments: {} },
            { type: "tool_call", id: "B", name: "ask", arguments: {} },
          ],
        },
      ],
    });
    expect((await client.spans("ask")).map(({ output }) => output)).toEqual(["i", "i"]);
    expect(client.errors).toEqual([]);
  });

  it("ends a model's call where its first tool starts, and the step with its last", async () => {
    const START = 1_790_000_000_000;
    let time = START;
    const client = openClient({ clock: () => time });
    installForTest(rivuletTelemetry(client.rivulet));
    const slow = ai.tool({
      inputSchema: z.object({}),
      execute: async () => {
        time += 100;
        return "done";
      },
    });
    const answer = () => {
      time += 10;
      return asking;
    };

    await ai.generateText({ model: model("m", answer), prompt: "p", tools: { ask: slow } });

    const times = async (name: string) =>
      (await client.spans(name)).map(({ startTime, endTime = 0 }) => [
        startTime - START,
        endTime - START,
      ]);
    expect(await times("chat m")).toEqual([[0, 10]]);
    expect(await times("step 1")).toEqual([[0, 210]]);
  });

  it("keeps concurrent streams apart, and the user's context clean", async () => {
    const client = listen();
    const { rivulet } = client;
    const calls = [toolCall({ id: "A", name: "ask" }), toolCall({ id: "B", name: "ask" })];
    const chunks = () => streaming("outer", [...calls, finish("tool-calls")], saysInChunks("q"));

    await rivulet.withSpan("request", async (span) => {
      await Promise.all(
        [1, 2].map(() =>
          ai
            .streamText({
              model: chunks(),
              prompt: "Go",
              tools: { ask },
              stopWhen: ai.stepCountIs(3),
            })
            .consumeStream(),
        ),
      );
      expect(rivulet.activeSpan()).toBe(span);
    });

    const indented = NESTED.replace(/^/gm, "  ");
    expect(await client.trees()).toBe(`unknown request: ok\n${indented}\n${indented}`);
  });

  it("keeps calls in tools in the trace when the user listens to tools too", async () => {
    const client = listen();

    await ai.generateText({
      model: model("outer", asksFor({ id: "A", name: "ask" }), says("done")),
      prompt: "Go",
      tools: { ask },
      stopWhen: ai.stepCountIs(3),
      experimental_onToolCallStart: async () => undefined,
    });

    // The SDK runs the user's listener first, so the tool's own context is out of reach.
    expect(await client.trees()).toBe(tree`
      agent generate: ok
        task step 1: ok
          chat_model chat outer: ok, 10+5 tokens
          tool ask: ok
          chain generate: ok
            task step 1: ok
              chat_model chat inner: ok, 10+5 tokens
        task step 2: ok
          chat_model chat outer: ok, 10+5 tokens
    `);
  });

  it("records a tool that throws, and one that the SDK does not know", async () => {
    const client = listen();
    const boom = ai.tool({
      inputSchema: z.object({}),
      execute: async (): Promise<string> => {
        throw new Error("no luck");
      },
    });

    await ai.generateText({
      model: model("m", asksFor({ id: "1", name: "boom" }, { id: "2", name: "ghost" }), says("x")),
      prompt: "p",
      tools: { boom },
      stopWhen: ai.stepCountIs(2),
    });

    expect(await client.span("boom")).toMatchObject({ status: "error", statusMessage: "no luck" });
    expect((await client.span("ghost")).statusMessage).toMatch(/unavailable tool 'ghost'/);
  });

  it("ends a call whose signal was given, although no event tells it", async () => {
    const client = listen();
    const stop = new AbortController();
    const waiting = () =>
      new Promise<never>((_, reject) => {
        stop.signal.addEventListener("abort", () => reject(stop.signal.reason));
        stop.abort();
      });

    await ai
      .streamText({
        model: streaming("m", () => streamOf(opening("half"), waiting)),
        prompt: "p",
        abortSignal: stop.signal,
        onError: () => undefined,
      })
      .consumeStream();

    expect(await client.trees()).toBe(tree`
      chain generate: cancelled (This operation was aborted)
        task step 1: cancelled (This operation was aborted)
          chat_model chat m: cancelled (This operation was aborted)
    `);
  });

  it("closes a call as abandoned whose error no event tells", async () => {
    const client = listen({ abandonAfterMs: 20 });
    const down = model("m", () => {
      throw new Error("down");
    });

    await expect(ai.generateText({ model: down, prompt: "p", maxRetries: 0 })).rejects.toThrow();

    await eventually(async () =>
      expect(await client.trees()).toBe(tree`
        chain generate: abandoned (Its consumer left before the end.)
          task step 1: abandoned (Its consumer left before the end.)
            chat_model chat m: abandoned (Its consumer left before the end.)
      `),
    );
  });

  it("knows the error from the middleware, and the time to the first token", async () => {
    const client = listen({ abandonAfterMs: 20 });
    const middleware = rivuletMiddleware(client.rivulet, { specificationVersion: "v3" });
    const down = ai.wrapLanguageModel({
      middleware,
      model: model("down", () => {
        throw new Error("no line");
      }),
    });
    const up = ai.wrapLanguageModel({ middleware, model: streaming("up", saysInChunks("a", "b")) });

    await expect(ai.generateText({ model: down, prompt: "p", maxRetries: 0 })).rejects.toThrow();
    await ai.streamText({ model: up, prompt: "p" }).consumeStream();

    await eventually(async () =>
      expect(await client.trees()).toBe(tree`
        chain generate: error (no line)
          task step 1: error (no line)
            chat_model chat down: error (no line)
        chain generate: ok
          task step 1: ok
            chat_model chat up: ok, 10+5 tokens
      `),
    );
    expect((await client.span("chat up")).timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
  });

  it("links prompts, session and user", async () => {
    const client = listen();
    const greet = await client.rivulet.prompts.register({
      name: "greet",
      template: "Greet {{name}}!",
    });

    await ai.generateText({
      model: model("m", says("x")),
      prompt: greet.format({ name: "Ann" }),
      experimental_telemetry: { metadata: { sessionId: "chat-1", userId: "ann" } },
    });

    expect((await client.span("chat m")).prompts).toEqual([{ name: "greet", version: 1 }]);
    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    expect(items).toMatchObject([{ sessionId: "chat-1", userId: "ann" }]);
  });
});
