import type { Rivulet } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient, tree } from "./client.ts";
import type { Lab } from "./lab.ts";
import { scriptedModel } from "./scripted-model.ts";

/** What callers say of their calls, how they stop them, and where calls are made from. */
export function describeCallers(lab: Lab): void {
  const { RunnableLambda, RunnableSequence } = lab.runnables;
  const { END, MessagesAnnotation, START, StateGraph } = lab.graph;

  const traced = (rivulet: Rivulet) => ({ callbacks: [new RivuletCallbackHandler(rivulet)] });

  /** A graph of one node that does this. */
  function graphOf(work: (config: object) => Promise<unknown>) {
    const node = async (_: unknown, config: object): Promise<object> => {
      await work(config);
      return {};
    };
    return new StateGraph(MessagesAnnotation)
      .addNode("node", node)
      .addEdge(START, "node")
      .addEdge("node", END)
      .compile();
  }

  test("a call that is given callbacks again inside of a node stays in the trace", async () => {
    const { rivulet, tree: traces } = openClient();
    const model = scriptedModel(lab);
    const graph = graphOf(() => model.invoke("x", traced(rivulet)));
    await graph.invoke({ messages: [] }, traced(rivulet));
    expect(await traces()).toBe(tree`
      workflow LangGraph ok
        task node ok
          chat_model Scripted ok 10+6
    `);
  });

  test("a call after the run has ended that it was prepared in is a trace of its own", async () => {
    const { rivulet, tree: traces } = openClient();
    const model = scriptedModel(lab);
    let later: Promise<unknown> | undefined;
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const serve = RunnableLambda.from(() => {
      later = gate.then(() => model.invoke("x", traced(rivulet)));
      return "listening";
    }).withConfig({ runName: "serve" });
    await serve.invoke(1, traced(rivulet));
    go();
    await later;
    expect(await traces()).toBe(tree`
      chain serve ok
      chat_model Scripted ok 10+6
    `);
  });

  test("tags of the app do not make LangGraph's routers into spans", async () => {
    const { rivulet, tree: traces } = openClient();
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("node", async () => ({}))
      .addEdge(START, "node")
      .addConditionalEdges("node", () => END)
      .compile();
    await graph.invoke({ messages: [] }, { ...traced(rivulet), tags: ["mine"] });
    expect(await traces()).toBe(tree`
      workflow LangGraph ok
        task node ok
    `);
  });

  const REASONS: readonly [string, unknown][] = [
    ["an error of its own", new Error("user left")],
    ["a text", "stop"],
    ["an object", { why: "left" }],
    ["no reason", undefined],
  ];

  /** A model that is stopped while it works. */
  const stoppedModel = (stopper: AbortController, reason: unknown) =>
    scriptedModel(lab, {
      script: [
        (_messages, signal) => {
          stopper.abort(reason);
          signal?.throwIfAborted();
          return "late";
        },
      ],
    });

  test.each(REASONS)(
    "what the app stops for %s is cancelled all the way down",
    async (_, reason) => {
      const { rivulet, spans } = openClient();
      const stopper = new AbortController();
      const model = stoppedModel(stopper, reason);
      const { signal } = stopper;
      const sequence = RunnableSequence.from([(value: string) => value, model]);
      const graph = graphOf((config) => sequence.invoke("x", config));
      await expect(
        graph.invoke({ messages: [] }, { ...traced(rivulet), signal }),
      ).rejects.toBeDefined();
      const ended = (await spans()).map(({ name, status }) => `${name} ${status}`);
      expect(ended).toEqual([
        "LangGraph cancelled",
        "node cancelled",
        "RunnableSequence cancelled",
        "RunnableLambda ok",
        "Scripted cancelled",
      ]);
    },
  );

  test.each(REASONS)("a chain that the app stops for %s is cancelled", async (_, reason) => {
    const { rivulet, spans } = openClient();
    const stopper = new AbortController();
    const model = stoppedModel(stopper, reason);
    const chain = RunnableSequence.from([(value: string) => value, model]);
    const call = chain.invoke("x", { ...traced(rivulet), signal: stopper.signal });
    await expect(
      call.then(
        () => "done",
        () => "failed",
      ),
    ).resolves.toBe("failed");
    const statuses = (await spans()).map(({ status }) => status);
    expect(statuses).toEqual(["cancelled", "ok", "cancelled"]);
  });

  test("what a timeout stops has failed, all the way down, and says that it was a timeout", async () => {
    const { rivulet, spans } = openClient();
    const stopper = new AbortController();
    const model = stoppedModel(stopper, new DOMException("too late", "TimeoutError"));
    const sequence = RunnableSequence.from([(value: string) => value, model]);
    const graph = graphOf((config) => sequence.invoke("x", config));
    const config = { ...traced(rivulet), signal: stopper.signal };
    await expect(graph.invoke({ messages: [] }, config)).rejects.toBeDefined();
    const ended = (await spans()).map(({ name, status, statusMessage, events }) =>
      [name, status, statusMessage, events[0]?.attributes?.["exception.type"]].join(" "),
    );
    expect(ended).toEqual([
      "LangGraph error too late TimeoutError",
      "node error too late TimeoutError",
      "RunnableSequence error too late TimeoutError",
      "RunnableLambda ok  ",
      "Scripted error too late TimeoutError",
    ]);
  });

  test("a failure of a run that nobody stops is an error, though it could be stopped", async () => {
    const { rivulet, span } = openClient();
    const { signal } = new AbortController();
    const model = scriptedModel(lab, { script: [new Error("no network")] });
    await expect(model.invoke("x", { ...traced(rivulet), signal })).rejects.toThrow("no network");
    expect(await span("Scripted")).toMatchObject({ status: "error", statusMessage: "no network" });
  });

  test.each<[string, string]>([
    ["session_id", "user_id"],
    ["sessionId", "userId"],
    ["langfuse_session_id", "langfuse_user_id"],
    ["langfuseSessionId", "langfuseUserId"],
  ])("session and user are known by the metadata %s and %s", async (session, user) => {
    const { rivulet, traces } = openClient();
    const metadata = { [session]: "s1", [user]: "u1" };
    await RunnableLambda.from(() => 1).invoke(1, { ...traced(rivulet), metadata });
    expect(await traces()).toMatchObject([{ sessionId: "s1", userId: "u1" }]);
  });

  test.each<[string, string]>([
    ["thread_id", "user_id"],
    ["sessionId", "userId"],
  ])(
    "session and user are known by what a chain was configured with: %s and %s",
    async (session, user) => {
      const { rivulet, traces } = openClient();
      const model = scriptedModel(lab);
      const chain = RunnableLambda.from(async () => (await model.invoke("x")).content);
      const configurable = { [session]: "s1", [user]: "u1" };
      await chain.invoke(1, { ...traced(rivulet), configurable });
      expect(await traces()).toMatchObject([{ sessionId: "s1", userId: "u1" }]);
    },
  );

  test("metadata may be lists and objects", async () => {
    const { rivulet, traces } = openClient();
    const metadata = { labels: ["a", "b"], release: { major: 7 }, nothing: null };
    await RunnableLambda.from(() => 1).invoke(1, { ...traced(rivulet), metadata });
    expect((await traces())[0]?.metadata).toEqual({ labels: ["a", "b"], release: { major: 7 } });
  });

  test("what a plain object, a circular error or nothing is thrown as, fails the run", async () => {
    const { rivulet, spans } = openClient();
    const circular = new Error("round");
    circular.cause = circular;
    for (const thrown of [{ message: "limited", status: 429 }, circular, undefined]) {
      const chain = RunnableLambda.from(() => {
        throw thrown;
      });
      await chain.invoke(1, traced(rivulet)).catch(() => undefined);
    }
    expect((await spans()).map(({ status, statusMessage }) => [status, statusMessage])).toEqual([
      ["error", "limited"],
      ["error", "round"],
      ["error", "nothing was thrown"],
    ]);
  });
}
