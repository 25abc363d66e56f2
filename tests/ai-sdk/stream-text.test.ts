import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, tree } from "./support/client.ts";
import { VERSIONS_7 } from "./support/labs.ts";
import {
  type AnswerChunk,
  finish,
  saysInChunks,
  streamOf,
  toolCall,
} from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

const NOON = 1_790_000_000_000;

describe.each(VERSIONS_7)("streamText of ai $version", ({ ai, streaming, model }) => {
  function listen(options: Parameters<typeof openClient>[0] = {}) {
    const client = openClient(options);
    installForTest(rivuletTelemetry(client.rivulet));
    return client;
  }

  it("has the text, the usage and what the model said of itself", async () => {
    const client = listen();
    const chunks: AnswerChunk[] = [
      { type: "response-metadata", id: "resp-1", modelId: "m-2026" },
      { type: "reasoning-start", id: "r" },
      { type: "reasoning-delta", id: "r", delta: "hm" },
      { type: "reasoning-end", id: "r" },
      ...saysInChunks("Hel", "lo"),
    ];

    const result = ai.streamText({ model: streaming("m", chunks), prompt: "Hi" });

    expect(await result.text).toBe("Hello");
    expect(await client.trees()).toBe(tree`
      chain streamText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
    `);
    expect(await client.span("chat m")).toMatchObject({
      model: "m-2026",
      attributes: { finishReason: "stop", responseId: "resp-1" },
      output: {
        messages: [
          {
            role: "assistant",
            content: [
              { type: "reasoning", text: "hm" },
              { type: "text", text: "Hello" },
            ],
          },
        ],
      },
    });
    expect(await client.span("streamText")).toMatchObject({ output: "Hello" });
  });

  it.each([
    ["text", { type: "text-delta", id: "1", delta: "x" }],
    ["reasoning", { type: "reasoning-delta", id: "1", delta: "x" }],
    ["tool input", { type: "tool-input-delta", id: "1", delta: "{}" }],
    ["a tool call", toolCall({ id: "1", name: "later" })],
  ] satisfies [string, AnswerChunk][])(
    "counts the time to the first token from before the call to the first %s, whatever frames it",
    async (_, first) => {
      let time = NOON;
      const client = listen({ clock: () => time });
      const framing: AnswerChunk[] = [
        { type: "stream-start", warnings: [] },
        { type: "response-metadata", id: "r", modelId: "m" },
        { type: "text-start", id: "1" },
        { type: "text-delta", id: "1", delta: "" },
        { type: "reasoning-start", id: "1" },
        { type: "tool-input-start", id: "1", toolName: "later" },
      ];
      const rest: AnswerChunk[] = [first, { type: "text-end", id: "1" }, finish()];
      const slow = () => {
        time += 100;
        const { stream } = streamOf([...framing, ...rest]);
        const passing = stream.pipeThrough(
          new TransformStream<AnswerChunk, AnswerChunk>({
            transform(chunk, controller) {
              time += 10;
              controller.enqueue(chunk);
            },
          }),
        );
        return { stream: passing };
      };
      const later = ai.tool({ inputSchema: z.object({}), outputSchema: z.string() });

      await ai
        .streamText({ model: streaming("m", slow), prompt: "Hi", tools: { later } })
        .consumeStream();

      const { timeToFirstTokenMs } = await client.span("chat m");
      // 100 until the stream is there, then 10 for each chunk up to the seventh.
      expect(timeToFirstTokenMs).toBe(170);
    },
  );

  it("shows streamed tools and nested streams where they run", async () => {
    const client = listen();
    const tools = {
      ask: ai.tool({
        inputSchema: z.object({}),
        async *execute() {
          yield { progress: 1 };
          const inner = ai.streamText({
            model: streaming("inner", saysInChunks("4", "2")),
            prompt: "why?",
          });
          yield { answer: await inner.text };
        },
      }),
    };
    const asking: AnswerChunk[] = [
      { type: "stream-start", warnings: [] },
      { type: "tool-input-start", id: "t", toolName: "ask" },
      { type: "tool-input-delta", id: "t", delta: "{}" },
      { type: "tool-input-end", id: "t" },
      toolCall({ id: "t", name: "ask" }),
      finish("tool-calls"),
    ];

    await ai
      .streamText({
        model: streaming("outer", asking, saysInChunks("done")),
        prompt: "Go",
        tools,
        stopWhen: ai.isStepCount(3),
      })
      .consumeStream();

    expect(await client.trees()).toBe(tree`
      agent streamText: ok
        task step 1: ok
          chat_model chat outer: ok, 10+5 tokens
          tool ask: ok
            chain streamText: ok
              task step 1: ok
                chat_model chat inner: ok, 10+5 tokens
        task step 2: ok
          chat_model chat outer: ok, 10+5 tokens
    `);
    expect(await client.span("ask")).toMatchObject({ output: { answer: "42" } });
    const [first] = await client.spans("chat outer");
    expect(first?.output).toEqual({
      messages: [
        {
          role: "assistant",
          content: [{ type: "tool_call", id: "t", name: "ask", arguments: {} }],
        },
      ],
    });
  });

  it("belongs to the span in which it was started, wherever it is read", async () => {
    const client = listen();
    const { rivulet } = client;

    const result = rivulet.withSpan("request", () =>
      ai.streamText({ model: streaming("m", saysInChunks("a", "b")), prompt: "Hi" }),
    );
    await rivulet.withSpan("reader", async (span) => {
      for await (const _ of result.textStream) expect(rivulet.activeSpan()).toBe(span);
    });

    expect(await client.trees()).toBe(tree`
      unknown request: ok
        chain streamText: ok
          task step 1: ok
            chat_model chat m: ok, 10+5 tokens
      unknown reader: ok
    `);
  });

  it("streams an agent with an answer for each of two questions at a time", async () => {
    const client = listen();
    const agent = new ai.ToolLoopAgent({ model: streaming("m", saysInChunks("x")), tools: {} });

    await Promise.all(
      ["one", "two"].map(async (prompt) => (await agent.stream({ prompt })).consumeStream()),
    );

    expect(await client.trees()).toBe(tree`
      agent streamText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
      agent streamText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
    `);
    expect((await client.spans("streamText")).map(({ input }) => input)).toEqual([
      { messages: [{ role: "user", content: "one" }] },
      { messages: [{ role: "user", content: "two" }] },
    ]);
  });

  it("lets the user's stream through unchanged, at the reader's pace", async () => {
    listen();
    let pulled = 0;
    const counting = () => ({
      stream: new ReadableStream<AnswerChunk>(
        {
          pull(controller) {
            pulled++;
            controller.enqueue({ type: "text-delta", id: "1", delta: "x" });
          },
        },
        { highWaterMark: 0 },
      ),
    });
    const bare = await pulledByOneRead(counting, () => pulled, false);
    pulled = 0;
    const tapped = await pulledByOneRead(counting, () => pulled, true);

    expect(tapped).toBe(bare);
  });

  async function pulledByOneRead(
    source: () => ReturnType<typeof streamOf>,
    count: () => number,
    isEnabled: boolean,
  ): Promise<number> {
    const wrapped = ai.wrapLanguageModel({
      model: model("m"),
      middleware: { specificationVersion: "v4", wrapStream: async () => source() },
    });
    const result = ai.streamText({ model: wrapped, prompt: "Hi", telemetry: { isEnabled } });
    const reader = result.fullStream.getReader();
    await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    return count();
  }
});
