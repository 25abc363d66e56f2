import type { Callbacks } from "@langchain/core/callbacks/manager";
import type { AIMessageFields } from "@langchain/core/messages";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient, tree } from "./client.ts";
import { deferred, untilAborted } from "./deferred.ts";
import type { Lab } from "./lab.ts";
import { type ScriptedModelOptions, scriptedModel, type Turn } from "./scripted-model.ts";

/** Sequences, batches, retries, errors, aborts, and what a run says of itself. */
export function describeChains(lab: Lab): void {
  const { ChatPromptTemplate } = lab.prompts;
  const { StringOutputParser } = lab.outputParsers;
  const { RunnableLambda, RunnableSequence } = lab.runnables;

  const chain = (options: ScriptedModelOptions = {}) =>
    ChatPromptTemplate.fromMessages([
      ["system", "You know {topic}."],
      ["human", "{question}"],
    ])
      .pipe(scriptedModel(lab, options))
      .pipe(new StringOutputParser());
  const input = { topic: "rivers", question: "Which is long?" };

  test("records a chain as one trace", async () => {
    const { rivulet, tree: traces } = openClient();
    const answer = await chain().invoke(input, {
      callbacks: [new RivuletCallbackHandler(rivulet)],
    });
    expect(answer).toBe("one two three");
    expect(await traces()).toBe(tree`
      chain RunnableSequence ok
        chat_model Scripted ok 10+6
    `);
  });

  test("keeps of a model what it was asked, what it said, and at what settings", async () => {
    const { rivulet, span } = openClient();
    await chain().invoke(input, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await span("Scripted")).toMatchObject({
      input: {
        messages: [
          { role: "system", content: "You know rivers." },
          { role: "user", content: "Which is long?" },
        ],
      },
      output: { messages: [{ role: "assistant", content: "one two three" }] },
      model: "scripted-1-2026",
      provider: "scripted",
      usage: { inputTokens: 10, outputTokens: 6, totalTokens: 16 },
      attributes: {
        temperature: 0.3,
        maxOutputTokens: 50,
        parameters: { logit_bias: 1 },
        finishReason: "stop",
      },
    });
  });

  test("keeps of a chain its input and output, with messages in short", async () => {
    const { rivulet, span } = openClient();
    const handler = new RivuletCallbackHandler(rivulet, { collapse: [] });
    await chain().invoke(input, { callbacks: [handler] });
    expect(await span("RunnableSequence")).toMatchObject({
      input,
      output: { output: "one two three" },
    });
    expect((await span("ChatPromptTemplate")).output).toEqual([
      { role: "system", content: "You know rivers." },
      { role: "user", content: "Which is long?" },
    ]);
    expect(await span("StrOutputParser")).toMatchObject({
      input: { role: "assistant", content: "one two three" },
      output: { output: "one two three" },
    });
  });

  test("LangChain passes parent, tags, metadata, type and name in another order than it declares", async () => {
    const { rivulet, spans, tree: traces } = openClient();
    const starts: unknown[][] = [];
    const spy = {
      awaitHandlers: true,
      handleChainStart: (...args: unknown[]) => starts.push(args),
    };
    const named = chain().withConfig({ runName: "outer" });
    const config = { tags: ["mine"], metadata: { user_id: "ann" } };
    await named.invoke(input, {
      ...config,
      callbacks: [spy, new RivuletCallbackHandler(rivulet, { collapse: [] })],
    });
    const [outer, prompt] = starts;
    expect(outer?.slice(3, 8)).toEqual([
      undefined,
      ["mine"],
      expect.anything(),
      undefined,
      "outer",
    ]);
    expect(prompt?.slice(3, 8)).toEqual([
      outer?.[2],
      ["seq:step:1", "mine"],
      expect.objectContaining({ user_id: "ann" }),
      "prompt",
      "ChatPromptTemplate",
    ]);
    expect(await traces()).toBe(tree`
      chain outer ok
        chain ChatPromptTemplate ok
        chat_model Scripted ok 10+6
        parser StrOutputParser ok
    `);
    expect((await spans())[1]?.attributes["langchain.tags"]).toEqual(["mine"]);
  });

  test("takes session, user, tags and metadata of the trace from the call", async () => {
    const { rivulet, traces, span } = openClient();
    await chain().invoke(input, {
      callbacks: [new RivuletCallbackHandler(rivulet, { tags: { release: "7" } })],
      tags: ["beta"],
      metadata: { session_id: "s-1", user_id: "u-1", plan: "free" },
    });
    expect(await traces()).toMatchObject([
      {
        name: "RunnableSequence",
        sessionId: "s-1",
        userId: "u-1",
        tags: { beta: "true", release: "7" },
        metadata: { session_id: "s-1", user_id: "u-1", plan: "free" },
      },
    ]);
    expect((await span("RunnableSequence")).attributes["metadata"]).toMatchObject({ plan: "free" });
    expect((await span("Scripted")).attributes["metadata"]).toBeUndefined();
  });

  test("takes session, user and experiment from its own options before all", async () => {
    const { rivulet, traces } = openClient();
    const handler = new RivuletCallbackHandler(rivulet, {
      sessionId: "mine",
      userId: "me",
      experimentId: "Chat",
      metadata: { plan: "pro" },
    });
    await chain().invoke(input, {
      callbacks: [handler],
      metadata: { session_id: "s", plan: "free" },
    });
    expect(await traces()).toMatchObject([
      { sessionId: "mine", userId: "me", metadata: { plan: "pro" } },
    ]);
    const [trace] = await traces();
    expect(await rivulet.experiments.get(trace?.experimentId ?? "")).toMatchObject({
      name: "Chat",
    });
  });

  test("shows prompt and parser when it is told to", async () => {
    const { rivulet, tree: traces } = openClient();
    const handler = new RivuletCallbackHandler(rivulet, { collapse: [] });
    await chain().invoke(input, { callbacks: [handler] });
    expect(await traces()).toBe(tree`
      chain RunnableSequence ok
        chain ChatPromptTemplate ok
        chat_model Scripted ok 10+6
        parser StrOutputParser ok
    `);
  });

  test("shows a prompt or a parser that fails, and one that is called by itself", async () => {
    const { rivulet, tree: traces, spans } = openClient();
    const callbacks = [new RivuletCallbackHandler(rivulet)];
    const json = scriptedModel(lab).pipe(new lab.outputParsers.JsonOutputParser());
    await expect(json.invoke("x", { callbacks })).rejects.toThrow();
    await expect(chain().invoke({ topic: "rivers" } as never, { callbacks })).rejects.toThrow();
    await new StringOutputParser().invoke("plain", { callbacks });
    expect(await traces()).toBe(tree`
      chain RunnableSequence error
        chat_model Scripted ok 10+6
        parser JsonOutputParser error
      chain RunnableSequence error
        chain ChatPromptTemplate error
      parser StrOutputParser ok
    `);
    const [, , parser, , prompt] = await spans();
    expect(parser?.input).toMatchObject({ role: "assistant", content: "one two three" });
    expect(prompt).toMatchObject({
      input: { topic: "rivers" },
      statusMessage: expect.stringMatching(/Missing value for input variable `question`/),
    });
  });

  test("hangs what a parser without a span calls under what is above it", async () => {
    const { rivulet, tree: traces } = openClient();
    const model = scriptedModel(lab, { script: ["fixed"] });
    class Fixing extends lab.outputParsers.BaseOutputParser<string> {
      lc_namespace = ["test"];
      override async parse(_text: string, callbacks?: Callbacks): Promise<string> {
        const config = callbacks === undefined ? {} : { callbacks };
        return String((await model.invoke("Fix it.", config)).content);
      }
      override getFormatInstructions(): string {
        return "";
      }
    }
    await scriptedModel(lab)
      .pipe(new Fixing())
      .invoke("x", { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chain RunnableSequence ok
        chat_model Scripted ok 10+6
        chat_model Scripted ok 10+6
    `);
  });

  test("keeps a model that is tagged as hidden, and leaves a hidden chain out but not what is in it", async () => {
    const { rivulet, tree: traces } = openClient();
    const model = scriptedModel(lab).withConfig({ tags: ["langsmith:hidden"] });
    const hidden = RunnableLambda.from((text: string) => model.invoke(text)).withConfig({
      runName: "hidden",
      tags: ["langsmith:hidden"],
    });
    const outer = RunnableLambda.from((text: string) => hidden.invoke(text));
    await outer
      .withConfig({ runName: "outer" })
      .invoke("x", { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chain outer ok
        chat_model Scripted ok 10+6
    `);
  });

  test("keeps the payloads of chains for the root only when it is told to", async () => {
    const { rivulet, span } = openClient();
    const handler = new RivuletCallbackHandler(rivulet, { chainPayloads: "root", collapse: [] });
    await chain().invoke(input, { callbacks: [handler] });
    expect(await span("RunnableSequence")).toMatchObject({
      input,
      output: { output: "one two three" },
    });
    const prompt = await span("ChatPromptTemplate");
    expect([prompt.input, prompt.output]).toEqual([undefined, undefined]);
    expect((await span("Scripted")).output).toEqual({
      messages: [{ role: "assistant", content: "one two three" }],
    });
  });

  test("gives each call of a batch a trace of its own", async () => {
    const { rivulet, tree: traces } = openClient();
    await chain().batch([input, input], { callbacks: [new RivuletCallbackHandler(rivulet)] });
    const one = tree`
      chain RunnableSequence ok
        chat_model Scripted ok 10+6
    `;
    expect(await traces()).toBe(`${one}\n${one}`);
  });

  test("takes the output of a batched chain as LangChain reports it", async () => {
    const { rivulet, spans } = openClient();
    await chain({ script: ["first", "second"] }).batch([input, input], {
      callbacks: [new RivuletCallbackHandler(rivulet)],
    });
    const outputs = (await spans())
      .filter(({ type }) => type === "chain")
      .map(({ output }) => (output as { output: unknown }).output);
    const whole = ["first", "second"];
    expect(outputs).toEqual(lab.name === "latest" ? whole : [whole, whole]);
  });

  test("shows each attempt of withRetry beside the others", async () => {
    const { rivulet, tree: traces, errors } = openClient();
    const model = scriptedModel(lab, { script: [new Error("overloaded"), "fine"] });
    const retried = model.withRetry({ stopAfterAttempt: 2 });
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const call = retried.invoke("x", { callbacks: [new RivuletCallbackHandler(rivulet)] });
    await vi.runAllTimersAsync();
    await call;
    vi.useRealTimers();
    expect(await traces()).toBe(tree`
      chain Scripted ok
        chat_model Scripted error
        chat_model Scripted ok 10+6
    `);
    expect(errors).toEqual([]);
  });

  test("shows the fallback beside what failed", async () => {
    const { rivulet, tree: traces } = openClient();
    const broken = scriptedModel(lab, { script: [new Error("down")], maxRetries: 0 });
    await broken
      .withFallbacks([scriptedModel(lab)])
      .invoke("x", { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chain RunnableWithFallbacks ok
        chat_model Scripted error
        chat_model Scripted ok 10+6
    `);
  });

  test("keeps the error of a run and of those above it", async () => {
    const { rivulet, tree: traces, spans } = openClient();
    const failing = chain({ script: [new Error("quota")], maxRetries: 0 });
    await expect(
      failing.invoke(input, { callbacks: [new RivuletCallbackHandler(rivulet)] }),
    ).rejects.toThrow("quota");
    expect(await traces()).toBe(tree`
      chain RunnableSequence error
        chat_model Scripted error
    `);
    expect((await spans()).map((span) => span.statusMessage)).toEqual(["quota", "quota"]);
  });

  test("ends what was aborted as cancelled, the model after its chain", async () => {
    const { rivulet, tree: traces } = openClient();
    const started = deferred();
    const ended = deferred();
    const waiting: Turn = async (_, signal) => {
      started.resolve();
      return untilAborted(signal).finally(ended.resolve);
    };
    const abort = new AbortController();
    const handler = new RivuletCallbackHandler(rivulet);
    const call = chain({ script: [waiting], maxRetries: 0 }).invoke(input, {
      callbacks: [handler],
      signal: abort.signal,
    });
    await started.promise;
    abort.abort();
    await expect(call).rejects.toThrow();
    await ended.promise;
    await expect.poll(() => handler.stats().openRuns).toBe(0);
    expect(await traces()).toBe(tree`
      chain RunnableSequence cancelled
        chat_model Scripted cancelled
    `);
  });

  test("tells once of a model that has the handler itself and gets it with the call", async () => {
    const { rivulet, tree: traces } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    const model = scriptedModel(lab, { callbacks: [handler] });
    await model.invoke("x", { callbacks: [handler] });
    await model.invoke("x", { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chat_model Scripted ok 10+6
      chat_model Scripted ok 10+6
    `);
  });

  test("starts a trace for a model whose chain it does not know", async () => {
    const { rivulet, tree: traces, span } = openClient();
    const model = scriptedModel(lab, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    const other = { handleChainStart: () => undefined };
    await RunnableSequence.from([ChatPromptTemplate.fromTemplate("{question}"), model]).invoke(
      input,
      { callbacks: [other] },
    );
    expect(await traces()).toBe("chat_model Scripted ok 10+6");
    expect((await span("Scripted")).attributes["langchain.parent_run_id"]).toMatch(
      /^[\da-f-]{36}$/,
    );
  });

  test("keeps two calls apart that were given the same run id", async () => {
    const { rivulet, spans } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    const runId = "01a20d23-0000-7000-8000-000000000001";
    await scriptedModel(lab).invoke("x", { callbacks: [handler], runId });
    await scriptedModel(lab).invoke("y", { callbacks: [handler], runId });
    const recorded = await spans();
    expect(recorded.map((span) => span.attributes["langchain.run_id"])).toEqual([runId, runId]);
    expect(new Set(recorded.map((span) => span.traceId)).size).toBe(2);
  });

  test("keeps what was there at the time, whatever the app does to its objects later", async () => {
    const { rivulet, span } = openClient();
    const given = { list: ["before"] };
    const mutate = RunnableLambda.from((value: typeof given) => {
      value.list.push("after");
      return value;
    }).withConfig({ runName: "mutate" });
    const result = await mutate.invoke(given, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    result.list.push("much later");
    expect(await span("mutate")).toMatchObject({
      input: { list: ["before"] },
      output: { list: ["before", "after"] },
    });
  });

  test("says of a cached answer that it is one, without tokens or a first token", async () => {
    const { rivulet, spans } = openClient();
    const cache = new lab.caches.InMemoryCache();
    const model = scriptedModel(lab, { cache });
    const config = { callbacks: [new RivuletCallbackHandler(rivulet)] };
    await model.invoke("x", config);
    await model.invoke("x", config);
    const [asked, cached] = await spans();
    expect(asked?.usage).toEqual({ inputTokens: 10, outputTokens: 6, totalTokens: 16 });
    expect(asked?.attributes["cached"]).toBeUndefined();
    expect(cached).toMatchObject({ status: "ok", attributes: { cached: true } });
    expect([cached?.usage, cached?.timeToFirstTokenMs]).toEqual([undefined, undefined]);
    expect(cached?.output).toEqual({ messages: [{ role: "assistant", content: "one two three" }] });
  });

  test("reads the tokens of a model without messages", async () => {
    const { rivulet, span } = openClient();
    class Plain extends lab.llms.BaseLLM {
      _llmType(): string {
        return "plain";
      }
      override async _generate() {
        const llmOutput = { tokenUsage: { promptTokens: 4, completionTokens: 2, totalTokens: 6 } };
        return { generations: [[{ text: "yes" }]], llmOutput };
      }
    }
    await new Plain({}).invoke("Is it?", { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await span("Plain")).toMatchObject({
      type: "llm",
      input: "Is it?",
      output: "yes",
      usage: { inputTokens: 4, outputTokens: 2, totalTokens: 6 },
    });
  });

  test("keeps the details of usage as parts of their totals", async () => {
    const { rivulet, span } = openClient();
    class Detailed extends lab.chatModels.BaseChatModel {
      _llmType(): string {
        return "detailed";
      }
      async _generate() {
        const message = new lab.messages.AIMessage({
          content: "x",
          usage_metadata: {
            input_tokens: 100,
            output_tokens: 20,
            total_tokens: 120,
            input_token_details: { cache_read: 80, cache_creation: 5 },
            output_token_details: { reasoning: 12 },
          },
        } as AIMessageFields);
        return { generations: [{ text: "x", message }] };
      }
    }
    await new Detailed({}).invoke("x", { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect((await span("Detailed")).usage).toEqual({
      inputTokens: 100,
      outputTokens: 20,
      totalTokens: 120,
      cacheReadTokens: 80,
      cacheWriteTokens: 5,
      reasoningTokens: 12,
    });
  });

  test("gives the parts of a message one shape, with the bytes of a small file in it", async () => {
    const { rivulet, span } = openClient();
    const message = new lab.messages.HumanMessage({
      content: [
        { type: "text", text: "What is it?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAAAAAA" } },
        { type: "image_url", image_url: "https://example.com/cat.png" },
      ],
    });
    await scriptedModel(lab).invoke([message], {
      callbacks: [new RivuletCallbackHandler(rivulet)],
    });
    expect((await span("Scripted")).input).toEqual({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is it?" },
            { type: "media", kind: "image", mediaType: "image/png", data: "AAAAAAAA" },
            { type: "media", kind: "image", url: "https://example.com/cat.png" },
          ],
        },
      ],
    });
  });

  test("keeps media in every form, with their type, their bytes and where they are", async () => {
    const { rivulet, span } = openClient();
    const data = "AAAAAAAA";
    const content = [
      { type: "image", source: { type: "base64", media_type: "image/png", data } },
      { type: "image", source: { type: "url", url: "https://example.com/cat.png" } },
      { type: "audio", mime_type: "audio/wav", data },
      { type: "video", mimeType: "video/mp4", data: new Uint8Array(7) },
      { type: "file", mimeType: "application/pdf", url: `data:application/pdf;base64,${data}` },
      { type: "file", mimeType: "application/pdf", data: Symbol("what") },
    ];
    const message = new lab.messages.HumanMessage({ content: content as never });
    await scriptedModel(lab).invoke([message], {
      callbacks: [new RivuletCallbackHandler(rivulet)],
    });
    expect((await span("Scripted")).input).toEqual({
      messages: [
        {
          role: "user",
          content: [
            { type: "media", kind: "image", mediaType: "image/png", data: "AAAAAAAA" },
            { type: "media", kind: "image", url: "https://example.com/cat.png" },
            { type: "media", kind: "audio", mediaType: "audio/wav", data },
            { type: "media", kind: "video", mediaType: "video/mp4", data: "AAAAAAAAAA==" },
            { type: "media", kind: "document", mediaType: "application/pdf", data },
            {
              type: "media",
              kind: "document",
              mediaType: "application/pdf",
              extra: { data: "Symbol(what)" },
            },
          ],
        },
      ],
    });
  });

  test("records a retriever with its query and documents", async () => {
    const { rivulet, span, tree: traces } = openClient();
    class Fixed extends lab.retrievers.BaseRetriever {
      lc_namespace = ["test"];
      override async _getRelevantDocuments() {
        return [new lab.documents.Document({ pageContent: "The Nile.", metadata: { page: 3 } })];
      }
    }
    await new Fixed().invoke("long rivers", { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe("retriever Fixed ok");
    expect(await span("Fixed")).toMatchObject({
      input: "long rivers",
      output: [{ pageContent: "The Nile.", metadata: { page: 3 } }],
    });
  });

  test("records of a sequence what its trace policy lets through", async ({ skip }) => {
    skip(lab.name !== "latest", "trace policies came with LangChain core 1.4");
    const { rivulet, span } = openClient();
    const first = RunnableLambda.from((value: { name: string }) => value.name);
    const last = RunnableLambda.from((text: string) => ({ answer: text }));
    const sequence = new RunnableSequence({
      first,
      last,
      tracePolicy: {
        processInputs: () => ({ name: "someone" }),
        processOutputs: () => {
          throw new Error("a broken policy");
        },
      },
    });
    await sequence.invoke(
      { name: "Ann" },
      { callbacks: [new RivuletCallbackHandler(rivulet)], runName: "guarded" },
    );
    const { input, output } = await span("guarded");
    expect({ input, output }).toEqual({ input: { name: "someone" }, output: {} });
  });
}
