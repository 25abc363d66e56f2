import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, tree } from "./support/client.ts";
import { VERSIONS_7 } from "./support/labs.ts";
import { asksFor, says } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

describe.each(VERSIONS_7)("generateText of ai $version", ({ ai, model, mocks }) => {
  function listen() {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    return client;
  }

  it("is a call, a step and a model call", async () => {
    const client = listen();

    await ai.generateText({
      model: model("m", says("Hello!")),
      instructions: "Be kind.",
      prompt: "Hi",
      temperature: 0.5,
    });

    expect(await client.trees()).toBe(tree`
      chain generateText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
    `);
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
      usage: {
        inputTokens: 10,
        outputTokens: 5,
        totalTokens: 15,
        cacheReadTokens: 2,
        reasoningTokens: 1,
      },
    });
    expect(await client.span("generateText")).toMatchObject({ output: "Hello!" });
    expect(client.errors).toEqual([]);
  });

  it("shows tools under the step that called them, and what they call under them", async () => {
    const client = listen();
    const vectors = new mocks.MockEmbeddingModelV4({
      modelId: "vectors",
      doEmbed: async () => ({ embeddings: [[1, 2, 3]], usage: { tokens: 4 }, warnings: [] }),
    });
    const tools = {
      ask: ai.tool({
        inputSchema: z.object({ question: z.string() }),
        execute: async ({ question }) => {
          const { text } = await ai.generateText({
            model: model("inner", says("42")),
            prompt: question,
          });
          return { text };
        },
      }),
      find: ai.tool({
        inputSchema: z.object({}),
        execute: async () => (await ai.embed({ model: vectors, value: "v" })).embedding.length,
      }),
      boom: ai.tool({
        inputSchema: z.object({}),
        execute: async (): Promise<string> => {
          throw new Error("no luck");
        },
      }),
    };

    await ai.generateText({
      model: model(
        "outer",
        asksFor(
          { id: "1", name: "ask", input: '{"question":"why?"}' },
          { id: "2", name: "find" },
          { id: "3", name: "boom" },
        ),
        says("done"),
      ),
      prompt: "Go",
      tools,
      stopWhen: ai.isStepCount(5),
    });

    expect(await client.trees()).toBe(tree`
      agent generateText: ok
        task step 1: ok
          chat_model chat outer: ok, 10+5 tokens
          tool ask: ok
            chain generateText: ok
              task step 1: ok
                chat_model chat inner: ok, 10+5 tokens
          tool find: ok
            embedding embed: ok, 4 tokens
          tool boom: error (no luck)
        task step 2: ok
          chat_model chat outer: ok, 10+5 tokens
    `);
    expect(await client.span("ask")).toMatchObject({
      input: { question: "why?" },
      output: { text: "42" },
      attributes: { toolCallId: "1" },
    });
    const [first, second] = await client.spans("chat outer");
    expect(first?.output).toEqual({
      messages: [
        {
          role: "assistant",
          content: [
            { type: "tool_call", id: "1", name: "ask", arguments: { question: "why?" } },
            { type: "tool_call", id: "2", name: "find", arguments: {} },
            { type: "tool_call", id: "3", name: "boom", arguments: {} },
          ],
        },
      ],
    });
    expect(second?.input).toMatchObject({
      messages: [
        { role: "user", content: "Go" },
        { role: "assistant" },
        {
          role: "tool",
          content: [
            {
              type: "tool_result",
              id: "1",
              name: "ask",
              content: [{ type: "data", value: { text: "42" } }],
            },
            { type: "tool_result", id: "2", name: "find", content: [{ type: "data", value: 3 }] },
            {
              type: "tool_result",
              id: "3",
              name: "boom",
              content: "Error: no luck",
              isError: true,
            },
          ],
        },
      ],
    });
  });

  it("ends both of two tools that a model has given one call id", async () => {
    const client = listen();
    const wait = ai.tool({
      inputSchema: z.object({}),
      execute: () => new Promise((resolve) => setImmediate(resolve)),
    });

    await ai.generateText({
      model: model(
        "m",
        asksFor({ id: "call_0", name: "first" }, { id: "call_0", name: "second" }),
        says("ok"),
      ),
      prompt: "p",
      tools: { first: wait, second: wait },
      stopWhen: ai.isStepCount(2),
    });

    expect(await client.trees()).toBe(tree`
      agent generateText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
          tool first: ok
          tool second: ok
        task step 2: ok
          chat_model chat m: ok, 10+5 tokens
    `);
  });

  it("keeps concurrent calls apart that use the same tool call ids", async () => {
    const client = listen();
    const echo = ai.tool({
      inputSchema: z.object({ n: z.number() }),
      execute: async ({ n }) => {
        await Promise.resolve();
        await ai.generateText({ model: model(`inner ${n}`, says("x")), prompt: "p" });
        return n;
      },
    });

    await Promise.all(
      [1, 2, 3].map((n) =>
        ai.generateText({
          model: model(
            `outer ${n}`,
            asksFor({ id: "call_0", name: "echo", input: `{"n":${n}}` }),
            says("ok"),
          ),
          prompt: "p",
          tools: { echo },
          stopWhen: ai.isStepCount(2),
        }),
      ),
    );

    const expected = (n: number): string =>
      tree`
      agent generateText: ok
        task step 1: ok
          chat_model chat outer N: ok, 10+5 tokens
          tool echo: ok
            chain generateText: ok
              task step 1: ok
                chat_model chat inner N: ok, 10+5 tokens
        task step 2: ok
          chat_model chat outer N: ok, 10+5 tokens
    `.replaceAll(" N", ` ${n}`);
    expect(await client.trees()).toBe([1, 2, 3].map(expected).join("\n"));
    expect((await client.spans("echo")).map(({ output }) => output)).toEqual([1, 2, 3]);
  });

  it("hangs under the user's own span and leaves the user's context clean", async () => {
    const client = listen();
    const { rivulet } = client;

    await rivulet.withSpan("request", async (span) => {
      await ai.generateText({ model: model("m", says("x")), prompt: "p" });
      expect(rivulet.activeSpan()).toBe(span);
    });

    expect(await client.trees()).toBe(tree`
      unknown request: ok
        chain generateText: ok
          task step 1: ok
            chat_model chat m: ok, 10+5 tokens
    `);
  });

  it("is an agent when it runs in a ToolLoopAgent", async () => {
    const client = listen();
    const agent = new ai.ToolLoopAgent({
      model: model("m", says("x")),
      instructions: "Be kind.",
      telemetry: { functionId: "helper" },
    });

    await agent.generate({ prompt: "p" });

    expect(await client.trees()).toBe(tree`
      agent helper: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
    `);
  });

  it("counts usage on the leaves alone", async () => {
    const client = listen();
    const noop = ai.tool({ inputSchema: z.object({}), execute: async () => 1 });

    await ai.generateText({
      model: model("m", asksFor({ id: "1", name: "noop" }), says("x")),
      prompt: "p",
      tools: { noop },
      stopWhen: ai.isStepCount(2),
    });

    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    expect(items.map(({ usage }) => usage)).toEqual([
      {
        inputTokens: 20,
        outputTokens: 10,
        totalTokens: 30,
        cacheReadTokens: 4,
        reasoningTokens: 2,
      },
    ]);
  });

  it("shows tool calls that the SDK tells nothing of", async () => {
    const client = listen();
    const real = ai.tool({ inputSchema: z.object({ n: z.number() }), execute: async () => 1 });

    await ai.generateText({
      model: model(
        "m",
        asksFor({ id: "1", name: "ghost" }, { id: "2", name: "real", input: "{bad" }),
        says("x"),
      ),
      prompt: "p",
      tools: { real },
      stopWhen: ai.isStepCount(2),
    });

    const [ghost] = await client.spans("ghost");
    const [bad] = await client.spans("real");
    expect(ghost).toMatchObject({ type: "tool", status: "error" });
    expect(ghost?.input).toEqual({});
    expect(ghost?.statusMessage).toMatch(/unavailable tool 'ghost'/);
    expect(bad).toMatchObject({ type: "tool", status: "error", input: "{bad" });
    expect(bad?.statusMessage).toMatch(/Invalid input for tool real/);
  });

  it("shows a tool that the provider ran, and one that waits for approval", async () => {
    const client = listen();
    const risky = ai.tool({
      inputSchema: z.object({}),
      needsApproval: true,
      execute: async () => 1,
    });

    await ai.generateText({
      model: model("m", {
        ...asksFor({ id: "1", name: "risky" }),
        content: [
          {
            type: "tool-call",
            toolCallId: "0",
            toolName: "web_search",
            input: '{"q":"x"}',
            providerExecuted: true,
          },
          { type: "tool-result", toolCallId: "0", toolName: "web_search", result: "found" },
          { type: "tool-call", toolCallId: "1", toolName: "risky", input: "{}" },
        ],
      }),
      prompt: "p",
      tools: { risky },
    });

    expect(await client.trees()).toBe(tree`
      agent generateText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
          tool web_search: ok
          tool risky: interrupted (The call waits for approval.)
    `);
    expect(await client.span("web_search")).toMatchObject({ input: { q: "x" }, output: "found" });
  });
});
