import { rivuletMiddleware, rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, tree } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { VERSIONS_7 } from "./support/labs.ts";
import {
  type AnswerChunk,
  asksFor,
  finish,
  opening,
  says,
  saysInChunks,
  streamOf,
} from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

describe.each(VERSIONS_7)("failures of ai $version", ({ version, ai, model, streaming, mocks }) => {
  function listen(options: Parameters<typeof rivuletTelemetry>[1] = {}) {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet, options));
    return client;
  }

  const quiet = { onError: () => undefined };
  const busy = () =>
    new ai.APICallError({
      message: "Too many requests",
      url: "http://localhost/v1",
      requestBodyValues: {},
      statusCode: 429,
      isRetryable: true,
      responseHeaders: { "retry-after-ms": "1" },
    });
  /** What a provider does whose request is aborted. */
  const untilStopped =
    ({ signal }: AbortController) =>
    () =>
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
  function failing(times: number): () => void {
    let left = times;
    return () => {
      if (left-- > 0) throw busy();
    };
  }

  it("closes everything when generateText throws", async () => {
    const client = listen();
    const down = model("m", () => {
      throw new Error("down");
    });

    await expect(ai.generateText({ model: down, prompt: "p", maxRetries: 0 })).rejects.toThrow(
      "down",
    );

    expect(await client.trees()).toBe(tree`
      chain generateText: error (down)
        task step 1: error (down)
          chat_model chat m: error (down)
    `);
  });

  it("takes an abort of generateText for no error", async () => {
    const client = listen();
    const stop = new AbortController();
    const slow = new mocks.MockLanguageModelV4({
      modelId: "m",
      doGenerate: ({ abortSignal }) =>
        new Promise((_, reject) => {
          abortSignal?.addEventListener("abort", () => reject(abortSignal.reason));
          stop.abort();
        }),
    });

    await expect(
      ai.generateText({ model: slow, prompt: "p", abortSignal: stop.signal }),
    ).rejects.toThrow("aborted");

    expect(await client.trees()).toBe(tree`
      chain generateText: cancelled (This operation was aborted)
        task step 1: cancelled (This operation was aborted)
          chat_model chat m: cancelled (This operation was aborted)
    `);
  });

  it("knows an abort with a reason of the user's own by the middleware", async () => {
    const client = listen();
    const stop = new AbortController();
    const slow = new mocks.MockLanguageModelV4({
      modelId: "m",
      doGenerate: ({ abortSignal }) =>
        new Promise((_, reject) => {
          abortSignal?.addEventListener("abort", () => reject(abortSignal.reason));
          stop.abort(new Error("user left"));
        }),
    });
    const wrapped = ai.wrapLanguageModel({
      model: slow,
      middleware: rivuletMiddleware(client.rivulet),
    });

    await expect(
      ai.generateText({ model: wrapped, prompt: "p", abortSignal: stop.signal }),
    ).rejects.toThrow("user left");

    expect(await client.trees()).toBe(tree`
      chain generateText: cancelled (user left)
        task step 1: cancelled (user left)
          chat_model chat m: cancelled (user left)
    `);
  });

  it.each(["AbortError", "ResponseAborted"])(
    "takes an error named %s for a stop by the user",
    async (name) => {
      const client = listen();
      const left = model("m", () => {
        throw Object.assign(new Error("nobody listens"), { name });
      });

      await expect(ai.generateText({ model: left, prompt: "p", maxRetries: 0 })).rejects.toThrow();

      expect(await client.trees()).toBe(tree`
        chain generateText: cancelled (nobody listens)
          task step 1: cancelled (nobody listens)
            chat_model chat m: cancelled (nobody listens)
      `);
    },
  );

  it("takes a timeout for an error", async () => {
    const client = listen();
    const slow = model("m", () => {
      throw new DOMException("Took too long", "TimeoutError");
    });

    await expect(ai.generateText({ model: slow, prompt: "p", maxRetries: 0 })).rejects.toThrow();

    expect(await client.trees()).toBe(tree`
      chain generateText: error (Took too long)
        task step 1: error (Took too long)
          chat_model chat m: error (Took too long)
    `);
  });

  it("takes a call that its own signal has timed out for an error", async () => {
    const client = listen();
    const timeout = new AbortController();
    const slow = model("m", () => {
      timeout.abort(new DOMException("Took too long", "TimeoutError"));
      throw timeout.signal.reason;
    });

    const call = { model: slow, prompt: "p", maxRetries: 0, abortSignal: timeout.signal };
    await expect(ai.generateText(call)).rejects.toThrow();

    expect(await client.trees()).toBe(tree`
      chain generateText: error (Took too long)
        task step 1: error (Took too long)
          chat_model chat m: error (Took too long)
    `);
  });

  it("keeps the text that came before a stream was aborted", async () => {
    const client = listen();
    const stop = new AbortController();
    const result = ai.streamText({
      model: streaming("m", () => streamOf(opening("one ", "two ", "three"), untilStopped(stop))),
      prompt: "p",
      abortSignal: stop.signal,
      ...quiet,
    });

    let seen = "";
    for await (const part of result.fullStream) {
      if (part.type === "text-delta") seen += part.text;
      if (seen === "one two three") stop.abort();
    }

    expect(await client.trees()).toBe(tree`
      chain streamText: cancelled (This operation was aborted)
        task step 1: cancelled (This operation was aborted)
          chat_model chat m: cancelled (This operation was aborted)
    `);
    expect(await client.span("chat m")).toMatchObject({
      output: { messages: [{ role: "assistant", content: "one two three" }] },
      attributes: { outputTokensEstimate: 4 },
    });
    expect((await client.span("chat m")).usage).toBeUndefined();
  });

  it("keeps the error of an error chunk, which the SDK does not tell", async () => {
    const client = listen();
    const chunks: AnswerChunk[] = [
      ...opening("half"),
      { type: "error", error: new Error("overloaded") },
      finish("error"),
    ];

    await ai.streamText({ model: streaming("m", chunks), prompt: "p", ...quiet }).consumeStream();

    expect(await client.trees()).toBe(tree`
      chain streamText: error (overloaded)
        task step 1: error (overloaded)
          chat_model chat m: error (overloaded), 10+5 tokens
    `);
    expect(await client.span("chat m")).toMatchObject({
      output: { messages: [{ role: "assistant", content: "half" }] },
    });
  });

  it("closes everything when a stream breaks", async () => {
    const client = listen();
    const broken = () =>
      streamOf(opening("half"), () => {
        throw new Error("socket died");
      });

    await ai
      .streamText({ model: streaming("m", broken), prompt: "p", ...quiet })
      .consumeStream(quiet);

    await eventually(async () =>
      expect(await client.trees()).toBe(tree`
        chain streamText: error (socket died)
          task step 1: error (socket died)
            chat_model chat m: error (socket died)
      `),
    );
    expect(await client.span("chat m")).toMatchObject({
      output: { messages: [{ role: "assistant", content: "half" }] },
    });
  });

  it("closes everything when a stream cannot be opened", async () => {
    const client = listen();
    const refused = () => {
      throw new Error("refused");
    };

    await ai
      .streamText({ model: streaming("m", refused), prompt: "p", maxRetries: 0, ...quiet })
      .consumeStream(quiet);

    expect(await client.trees()).toBe(tree`
      chain streamText: error (refused)
        task step 1: error (refused)
          chat_model chat m: error (refused)
    `);
  });

  it("closes a stream that its reader left as abandoned", async () => {
    const client = listen({ abandonAfterMs: 20 });
    const endless = saysInChunks(..."abcdefghijklmnopqrstuvwxyz".repeat(40).split(""));
    const result = ai.streamText({ model: streaming("m", endless), prompt: "p" });

    const reader = result.textStream.getReader();
    await reader.read();

    await eventually(async () => {
      expect((await client.span("streamText")).status).toBe("abandoned");
    });
    expect(await client.span("step 1")).toMatchObject({ status: "abandoned" });
    const left = await client.span("chat m");
    expect(left.status).toBe("abandoned");
    expect(left.output).toMatchObject({ messages: [{ content: expect.stringMatching(/^abc/) }] });
  });

  it("opens an abandoned stream again when its reader comes back", async () => {
    const client = listen({ abandonAfterMs: 20 });
    const letters = "abcdefghijklmnopqrstuvwxyz".repeat(40);
    const result = ai.streamText({
      model: streaming("m", saysInChunks(...letters.split(""))),
      prompt: "p",
    });
    const reader = result.textStream.getReader();
    await reader.read();
    await eventually(async () => {
      expect((await client.span("streamText")).status).toBe("abandoned");
    });

    while (!(await reader.read()).done);

    expect(await client.trees()).toBe(tree`
      chain streamText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
    `);
    expect(await client.span("streamText")).toMatchObject({ output: letters });
  });

  it("leaves a slow model alone", async () => {
    const client = listen({ abandonAfterMs: 10 });
    let answerNow = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    const result = ai.streamText({
      model: streaming("m", () => streamOf(opening("a"), () => asked)),
      prompt: "p",
    });
    const text = Promise.resolve(result.text);
    const watched = ai.streamText({
      model: streaming("left", saysInChunks(..."x".repeat(99))),
      prompt: "p",
    });
    await watched.textStream.getReader().read();

    // The watchdog has come round when it has closed the stream that was left.
    await eventually(async () => {
      const [, left] = await client.spans("streamText");
      expect(left?.status).toBe("abandoned");
    });

    expect((await client.span("chat m")).status).toBe("in_progress");
    answerNow();
    expect(await text).toBe("a");
  });

  it("turns a call into an error whose object is not valid", async () => {
    const client = listen();
    const output = ai.Output.object({ schema: z.object({ n: z.number() }) });

    await expect(
      ai.generateText({ model: model("m", says('{"n":"no"}')), prompt: "p", output }),
    ).rejects.toThrow("No object generated");

    expect(await client.trees()).toBe(tree`
      chain generateText: error (No object generated: response did not match schema.)
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens
    `);
  });

  it("shows the attempts of generateText as events of one model call", async () => {
    const client = listen();
    const fail = failing(2);
    const shaky = model("m", () => {
      fail();
      return says("x");
    });

    await ai.generateText({ model: shaky, prompt: "p" });

    expect(await client.trees()).toBe(tree`
      chain generateText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens, retry, retry
    `);
    expect((await client.span("chat m")).events.map(({ attributes }) => attributes)).toEqual([
      { attempt: 2, error: "Too many requests" },
      { attempt: 3, error: "Too many requests" },
    ]);
  });

  it("shows the attempts of streamText as events of one model call", async () => {
    const client = listen();
    const fail = failing(2);
    const shaky = streaming("m", () => {
      fail();
      return streamOf(saysInChunks("x"));
    });

    await ai.streamText({ model: shaky, prompt: "p" }).consumeStream();

    expect(await client.trees()).toBe(tree`
      chain streamText: ok
        task step 1: ok
          chat_model chat m: ok, 10+5 tokens, retry, retry
    `);
  });

  it("ends by the last error when no attempt succeeds", async () => {
    const client = listen();
    const shaky = model("m", () => {
      throw busy();
    });

    await expect(ai.generateText({ model: shaky, prompt: "p", maxRetries: 1 })).rejects.toThrow();

    const span = await client.span("chat m");
    expect(span.status).toBe("error");
    expect(span.statusMessage).toMatch(/Too many requests/);
    expect(span.events.map(({ name }) => name)).toEqual(["retry", "exception"]);
  });

  it("closes the tools of a call that is aborted in a tool", async ({ skip }) => {
    skip(version === "7.0.0", "ai 7.0.0 goes on after the tool");
    const client = listen();
    const stop = new AbortController();
    const wait = ai.tool({
      inputSchema: z.object({}),
      execute: async (_, { abortSignal }) => {
        stop.abort();
        abortSignal?.throwIfAborted();
      },
    });

    await expect(
      ai.generateText({
        model: model("m", asksFor({ id: "1", name: "wait" }), says("x")),
        prompt: "p",
        tools: { wait },
        stopWhen: ai.isStepCount(2),
        abortSignal: stop.signal,
      }),
    ).rejects.toThrow();

    expect(await client.trees()).toBe(tree`
      agent generateText: cancelled (This operation was aborted)
        task step 1: cancelled (This operation was aborted)
          chat_model chat m: ok, 10+5 tokens
          tool wait: cancelled (This operation was aborted)
    `);
  });

  it("leaves no call open", async () => {
    const client = listen();
    const stop = new AbortController();
    await ai.generateText({ model: model("m", says("x")), prompt: "p" });
    await ai.streamText({ model: streaming("m", saysInChunks("x")), prompt: "p" }).consumeStream();
    const aborted = ai.streamText({
      model: streaming("m", () => streamOf(opening("a"), untilStopped(stop))),
      prompt: "p",
      abortSignal: stop.signal,
      ...quiet,
    });
    for await (const part of aborted.fullStream) if (part.type === "text-delta") stop.abort();

    expect((await client.rivulet.stats()).openSpans, version).toBe(0);
    expect(client.errors).toEqual([]);
  });
});
