import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient, START, tree } from "./client.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { deferred } from "./deferred.ts";
import type { Lab } from "./lab.ts";
import { type ScriptedModelOptions, scriptedModel } from "./scripted-model.ts";

/** Reads to the end. */
async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

/** Holds the timers until the open runs shall be so old that they are watched. */
function holdTimers(): { readonly letRunsGrow: () => void } {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  return {
    letRunsGrow() {
      vi.advanceTimersByTime(100);
      vi.useRealTimers();
    },
  };
}

/** Streams: time to the first token, late inputs, and what happens when nobody reads on. */
export function describeStreams(lab: Lab): void {
  const chain = (options: ScriptedModelOptions = {}) =>
    lab.prompts.ChatPromptTemplate.fromTemplate("{question}")
      .pipe(scriptedModel(lab, options))
      .pipe(new lab.outputParsers.StringOutputParser());
  const input = { question: "Which is long?" };

  test("records a stream like a call, and the time to its first token", async () => {
    const { rivulet, clock, span, tree: traces } = openClient();
    const onToken = (): void => clock.advance(7);
    await drain(
      await chain({ onToken }).stream(input, { callbacks: [new RivuletCallbackHandler(rivulet)] }),
    );
    expect(await traces()).toBe(tree`
      chain RunnableSequence ok
        chat_model Scripted ok 10+6
    `);
    expect(await span("Scripted")).toMatchObject({
      timeToFirstTokenMs: 7,
      startTime: START,
      endTime: START + 21,
      output: { messages: [{ role: "assistant", content: "one two three" }] },
    });
  });

  test("has no time to the first token of a call that is no stream", async () => {
    const { rivulet, span } = openClient();
    await chain().invoke(input, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect((await span("Scripted")).timeToFirstTokenMs).toBeUndefined();
  });

  test("takes the input of a step of a stream from its end, where LangChain has it", async () => {
    const { rivulet, span } = openClient();
    const handler = new RivuletCallbackHandler(rivulet, { collapse: [] });
    await drain(await chain().stream(input, { callbacks: [handler] }));
    expect((await span("StrOutputParser")).input).toMatchObject({
      role: "assistant",
      content: "one two three",
    });
    expect((await span("RunnableSequence")).input).toEqual(input);
  });

  test("does not turn a call into a stream", async () => {
    const { rivulet } = openClient();
    const tokens: number[] = [];
    const onToken = (index: number): void => void tokens.push(index);
    await chain({ onToken }).invoke(input, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(tokens).toEqual([]);
  });

  test("keeps the text that came before an abort", async () => {
    const { rivulet, span } = openClient();
    const abort = new AbortController();
    const handler = new RivuletCallbackHandler(rivulet);
    const onToken = (index: number): void => {
      if (index === 2) abort.abort();
    };
    const stream = await scriptedModel(lab, { onToken }).stream("x", {
      callbacks: [handler],
      signal: abort.signal,
    });
    await expect(drain(stream)).rejects.toThrow();
    await expect.poll(() => handler.stats().openRuns).toBe(0);
    expect(await span("Scripted")).toMatchObject({
      status: "cancelled",
      timeToFirstTokenMs: 0,
      output: { messages: [{ role: "assistant", content: "one two " }] },
    });
  });

  test("closes a stream that nobody reads to its end, at its last news", async () => {
    const { rivulet, clock, tree: traces, span } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    async function readOne(): Promise<void> {
      const stream = await chain({ onToken: () => clock.advance(5) }).stream(input, {
        callbacks: [handler],
      });
      for await (const _ of stream) break;
    }
    const { letRunsGrow } = holdTimers();
    await readOne();
    clock.advance(60_000);
    letRunsGrow();
    await collectGarbage(() => handler.stats().openRuns === 0);
    expect(handler.stats()).toEqual({ openRuns: 0, abandonedRuns: 2, droppedRuns: 0 });
    expect(await traces()).toBe(tree`
      chain RunnableSequence abandoned
        chat_model Scripted abandoned
    `);
    expect(await span("Scripted")).toMatchObject({
      endTime: START + 5,
      output: { messages: [{ role: "assistant", content: "one " }] },
    });
  });

  test("leaves alone what is slow but still read", async () => {
    const { rivulet, tree: traces } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    const more = deferred();
    const onToken = (index: number) => (index === 1 ? more.promise : undefined);
    const { letRunsGrow } = holdTimers();
    const reading = drain(await chain({ onToken }).stream(input, { callbacks: [handler] }));
    letRunsGrow();
    let rounds = 0;
    await collectGarbage(() => ++rounds > 20);
    expect(handler.stats()).toMatchObject({ openRuns: 2, abandonedRuns: 0 });
    more.resolve();
    await reading;
    expect(await traces()).toBe(tree`
      chain RunnableSequence ok
        chat_model Scripted ok 10+6
    `);
  });

  test("LangChain gives each run a metadata object of its own", async () => {
    const seen: unknown[] = [];
    const spy = {
      awaitHandlers: true,
      handleChainStart: (...args: unknown[]) => seen.push(args[5]),
      handleChatModelStart: (...args: unknown[]) => seen.push(args[6]),
    };
    await chain().invoke(input, { callbacks: [spy], metadata: { mine: true } });
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
    expect(seen.every((metadata) => typeof metadata === "object" && metadata !== null)).toBe(true);
  });

  test("LangChain tells nobody of a model's streamEvents without a version", async ({ skip }) => {
    skip(lab.name !== "latest", "streamEvents without a version came with LangChain core 1.4");
    const { rivulet, traces } = openClient();
    const config = { callbacks: [new RivuletCallbackHandler(rivulet)] };
    let events = 0;
    for await (const _ of scriptedModel(lab).streamEvents("x", config)) events++;
    expect(events).toBeGreaterThan(0);
    expect(await traces()).toEqual([]);
  });

  test("records streamEvents of a chain", async ({ skip }) => {
    skip(lab.name === "0.3", "LangChain 0.3 calls streamEvents otherwise");
    const { rivulet, tree: traces } = openClient();
    const events = chain().streamEvents(input, {
      callbacks: [new RivuletCallbackHandler(rivulet)],
      version: "v2",
    });
    await drain(events);
    expect(await traces()).toContain("chat_model Scripted ok 10+6");
  });
}
