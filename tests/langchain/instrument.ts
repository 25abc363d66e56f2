import type { Rivulet } from "@rivulet/core";
import {
  type InstrumentLangChainOptions,
  instrumentLangChain,
  RivuletCallbackHandler,
} from "@rivulet/langchain";
import { expect, onTestFinished, test } from "vitest";
import { openClient, tree } from "./client.ts";
import type { Lab } from "./lab.ts";
import { scriptedModel } from "./scripted-model.ts";

/** Tracing without callbacks. */
export function describeInstrument(lab: Lab): void {
  const { CallbackManager } = lab.callbacks;
  const chain = () => lab.prompts.ChatPromptTemplate.fromTemplate("{q}").pipe(scriptedModel(lab));

  async function instrument(
    rivulet: Rivulet,
    options: InstrumentLangChainOptions = {},
  ): Promise<() => void> {
    const undo = await instrumentLangChain(rivulet, {
      callbackManager: CallbackManager,
      ...options,
    });
    onTestFinished(undo);
    return undo;
  }

  test("LangChain starts every call with a static method that can be replaced", () => {
    const property = Object.getOwnPropertyDescriptor(CallbackManager, "_configureSync");
    expect(property).toMatchObject({ value: expect.any(Function), writable: true });
  });

  test("records calls that were given no callbacks, in one trace each", async () => {
    const { rivulet, tree: traces } = openClient();
    await instrument(rivulet);
    await chain().invoke({ q: "x" });
    for await (const _ of await chain().stream({ q: "x" }));
    const one = tree`
      chain RunnableSequence ok
        chat_model Scripted ok 10+6
    `;
    expect(await traces()).toBe(`${one}\n${one}`);
  });

  test("records agents, graphs and what is called inside", async () => {
    const { rivulet, tree: traces } = openClient();
    await instrument(rivulet);
    const inner = scriptedModel(lab);
    const agent = lab.prebuilt.createReactAgent({
      llm: scriptedModel(lab, { script: [[{ name: "ask", args: {}, id: "c1" }], "Done."] }),
      tools: [
        lab.tools.tool(async () => (await inner.invoke("x")).content, {
          name: "ask",
          description: "Asks",
          schema: lab.z.object({}),
        }),
      ],
    });
    await agent.invoke({ messages: [{ role: "user", content: "x" }] });
    const text = await traces();
    expect(text.match(/^\S/gm)).toHaveLength(1);
    expect(text).toContain("tool ask ok");
    expect(text.match(/chat_model Scripted ok 10\+6/g)).toHaveLength(3);
  });

  test("leaves the caller's list of callbacks as it is", async () => {
    const { rivulet, traces } = openClient();
    await instrument(rivulet);
    const callbacks = [{ handleChainStart: () => undefined }];
    await chain().invoke({ q: "x" }, { callbacks });
    expect(callbacks).toHaveLength(1);
    expect(await traces()).toHaveLength(1);
  });

  test("adds nothing where a handler of the client is already, and itself once", async () => {
    const { rivulet, spans } = openClient();
    await instrument(rivulet);
    await instrument(rivulet);
    await chain().invoke({ q: "x" }, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    await scriptedModel(lab, { callbacks: [new RivuletCallbackHandler(rivulet)] }).invoke("x");
    expect((await spans()).map(({ name }) => name)).toEqual([
      "RunnableSequence",
      "Scripted",
      "Scripted",
    ]);
  });

  test("is taken back", async () => {
    const { rivulet, traces } = openClient();
    const original = Object.getOwnPropertyDescriptor(CallbackManager, "_configureSync")?.value;
    const undo = await instrument(rivulet);
    undo();
    await chain().invoke({ q: "x" });
    expect(await traces()).toEqual([]);
    expect(Object.getOwnPropertyDescriptor(CallbackManager, "_configureSync")?.value).toBe(
      original,
    );
  });

  test("draws once per call, and leaves what was not drawn alone with all its steps", async () => {
    const { rivulet, traces } = openClient();
    const draws = [0.9, 0.1, 0.5];
    await instrument(rivulet, { sampleRate: 0.5, random: () => draws.shift() ?? 0 });
    for (const name of ["first", "second", "third"]) {
      await chain().invoke({ q: "x" }, { runName: name });
    }
    expect(draws).toEqual([]);
    expect((await traces()).map(({ name }) => name)).toEqual(["second"]);
  });

  test("lets the trace decide for calls inside of it", async () => {
    const { rivulet, tree: traces } = openClient();
    await instrument(rivulet, { sampleRate: 0 });
    await rivulet.withSpan("http", () => chain().invoke({ q: "x" }));
    expect(await traces()).toBe(tree`
      unknown http ok
        chain RunnableSequence ok
          chat_model Scripted ok 10+6
    `);
  });

  test("finds the session of a chain in its configurable", async () => {
    const { rivulet, traces } = openClient();
    await instrument(rivulet);
    await chain().invoke({ q: "x" }, { configurable: { thread_id: "t-1" } });
    await chain().invoke(
      { q: "x" },
      { configurable: { thread_id: "t-1" }, metadata: { session_id: "s-1" } },
    );
    expect((await traces()).map(({ sessionId }) => sessionId)).toEqual(["t-1", "s-1"]);
  });

  test("refuses a class that is no callback manager", async () => {
    const { rivulet } = openClient();
    await expect(instrumentLangChain(rivulet, { callbackManager: class {} })).rejects.toMatchObject(
      {
        code: "unsupported",
      },
    );
  });
}
