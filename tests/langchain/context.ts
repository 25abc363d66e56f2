import type { AsyncLocalStorage } from "node:async_hooks";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient, tree } from "./client.ts";
import { deferred } from "./deferred.ts";
import type { Lab } from "./lab.ts";
import { scriptedModel } from "./scripted-model.ts";

/** Spans of the app around LangChain's runs, and within them. */
export function describeContext(lab: Lab): void {
  const { RunnableLambda } = lab.runnables;

  test("puts spans of the app and runs of LangChain into one trace, both ways", async () => {
    const { rivulet, tree: traces } = openClient();
    const model = scriptedModel(lab);
    const lambda = RunnableLambda.from(() =>
      rivulet.withSpan("db", async () => (await model.invoke("x")).content),
    ).withConfig({ runName: "lambda" });
    await rivulet.withSpan("http", () =>
      lambda.invoke(1, { callbacks: [new RivuletCallbackHandler(rivulet)] }),
    );
    expect(await traces()).toBe(tree`
      unknown http ok
        chain lambda ok
          unknown db ok
            chat_model Scripted ok 10+6
    `);
  });

  test("knows the enclosing run in plain functions, after waiting, and in timers", async () => {
    const { rivulet, tree: traces } = openClient();
    const plain = async (name: string): Promise<void> => rivulet.startSpan(name).end();
    const lambda = RunnableLambda.from(async () => {
      await plain("at once");
      await Promise.resolve();
      await plain("after waiting");
      const timer = deferred();
      setTimeout(() => plain("in a timer").then(timer.resolve, timer.resolve), 0);
      await timer.promise;
      return "done";
    }).withConfig({ runName: "lambda" });
    await lambda.invoke(1, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chain lambda ok
        unknown at once ok
        unknown after waiting ok
        unknown in a timer ok
    `);
  });

  test("gives the tool's span to the code of the tool", async () => {
    const { rivulet, span, tree: traces } = openClient();
    const look = lab.tools.tool(
      async () => {
        rivulet.activeSpan()?.setAttributes({ rows: 3 });
        return rivulet.withSpan("query", () => "found", { type: "retriever" });
      },
      { name: "look", description: "Looks", schema: lab.z.object({}) },
    );
    await look.invoke({}, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      tool look ok
        retriever query ok
    `);
    expect((await span("look")).attributes["rows"]).toBe(3);
  });

  test("has no run for its active span before and after", async () => {
    const { rivulet } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    expect(rivulet.activeSpan()).toBeUndefined();
    await RunnableLambda.from(() => "x").invoke(1, { callbacks: [handler] });
    expect(rivulet.activeSpan()).toBeUndefined();
    await rivulet.withSpan("mine", async (span) => {
      await RunnableLambda.from(() => "x").invoke(1, { callbacks: [handler] });
      expect(rivulet.activeSpan()).toBe(span);
    });
  });

  test("sees a model that a lambda calls without its config", async () => {
    const { rivulet, tree: traces } = openClient();
    const model = scriptedModel(lab);
    const lambda = RunnableLambda.from(async () => (await model.invoke("x")).content);
    await lambda
      .withConfig({ runName: "lambda" })
      .invoke(1, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chain lambda ok
        chat_model Scripted ok 10+6
    `);
  });

  test("LangChain keeps the enclosing run under symbols that all versions share", async () => {
    let enclosing: unknown;
    let started: unknown;
    const spy = {
      awaitHandlers: true,
      handleChainStart: (_: unknown, __: unknown, runId: string) => {
        started = runId;
      },
    };
    new RivuletCallbackHandler(openClient().rivulet);
    await RunnableLambda.from(() => {
      const storage = (globalThis as Record<symbol, unknown>)[
        Symbol.for("ls:tracing_async_local_storage")
      ] as { getStore(): { extra: Record<symbol, { callbacks: { getParentRunId(): string } }> } };
      const config = storage.getStore().extra[Symbol.for("lc:child_config")];
      enclosing = config?.callbacks.getParentRunId();
      return "x";
    }).invoke(1, { callbacks: [spy] });
    expect(enclosing).toBe(started);
    expect(typeof enclosing).toBe("string");
  });

  test.each([[{}], [{ tracingEnabled: false }]])(
    "keeps the enclosing run where LangSmith, when it traces nothing, puts %j for a context",
    async (context) => {
      const { rivulet, tree: traces } = openClient();
      const model = scriptedModel(lab);
      const handler = new RivuletCallbackHandler(rivulet);
      const storage = (globalThis as Record<symbol, unknown>)[
        Symbol.for("ls:tracing_async_local_storage")
      ] as AsyncLocalStorage<unknown>;
      const lambda = RunnableLambda.from(() =>
        storage.run(context, async () => {
          rivulet.startSpan("look").end();
          return (await model.invoke("x")).content;
        }),
      );
      await lambda.withConfig({ runName: "lambda" }).invoke(1, { callbacks: [handler] });
      expect(await traces()).toBe(tree`
        chain lambda ok
          unknown look ok
          chat_model Scripted ok 10+6
      `);
    },
  );

  test("puts a span made inside of a chat model under the model's", async () => {
    const { rivulet, tree: traces } = openClient();
    const model = scriptedModel(lab, {
      script: [
        () => {
          rivulet.startSpan("request").end();
          return "answer";
        },
      ],
    });
    await RunnableLambda.from(async () => (await model.invoke("x")).content)
      .withConfig({ runName: "lambda" })
      .invoke(1, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chain lambda ok
        chat_model Scripted ok 10+6
          unknown request ok
    `);
  });

  test("keeps requests apart beside a handler that is slow", async () => {
    const { rivulet, spans } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    const gate = deferred();
    const slow = { handleChainStart: () => gate.promise, handleChainEnd: () => gate.promise };
    const calls = [1, 2, 3, 4].map((number) =>
      rivulet.withSpan(`request ${number}`, async () => {
        await RunnableLambda.from((value: number) => value)
          .withConfig({ runName: `call ${number}` })
          .invoke(number, { callbacks: [slow, handler] });
      }),
    );
    await Promise.all(calls);
    gate.resolve();
    const recorded = await spans();
    const names = new Map(recorded.map((span) => [span.id, span.name]));
    const nested = recorded.filter(({ parentId }) => parentId !== undefined);
    expect(nested.map((span) => `${names.get(span.parentId ?? "")} > ${span.name}`)).toEqual([
      "request 1 > call 1",
      "request 2 > call 2",
      "request 3 > call 3",
      "request 4 > call 4",
    ]);
  });

  test("hangs work that goes on after its run under it, while the run is remembered", async () => {
    const { rivulet, tree: traces } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    const model = scriptedModel(lab);
    const goOn = deferred();
    let background: Promise<unknown> = Promise.resolve();
    const lambda = RunnableLambda.from((_: number, config) => {
      background = goOn.promise.then(() => model.invoke("x", config));
      return "early";
    }).withConfig({ runName: "lambda" });
    await lambda.invoke(1, { callbacks: [handler] });
    goOn.resolve();
    await background;
    expect(await traces()).toBe(tree`
      chain lambda ok
        chat_model Scripted ok 10+6
    `);
  });

  test("hangs nothing under a run whose span the app has ended itself", async () => {
    const { rivulet, tree: traces } = openClient();
    const lambda = RunnableLambda.from(() => {
      rivulet.activeSpan()?.end();
      rivulet.startSpan("after").end();
      return "done";
    }).withConfig({ runName: "lambda" });
    await lambda.invoke(1, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      chain lambda ok
      unknown after ok
    `);
  });

  test("leaves out a call whose trace is not sampled, with everything in it", async () => {
    const { rivulet, traces } = openClient({ tracing: { sampleRate: 0 } });
    const model = scriptedModel(lab);
    const lambda = RunnableLambda.from(async () => {
      rivulet.startSpan("inside").end();
      return (await model.invoke("x")).content;
    });
    const handler = new RivuletCallbackHandler(rivulet);
    expect(await lambda.invoke(1, { callbacks: [handler] })).toBe("one two three");
    expect(await traces()).toEqual([]);
    expect(handler.stats().openRuns).toBe(0);
  });
}
