import { setImmediate } from "node:timers/promises";
import type { Span } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient, tree } from "./client.ts";
import { deferred, untilAborted } from "./deferred.ts";
import type { Lab } from "./lab.ts";

/** Graphs of LangGraph: nodes, interrupts and resumes, handoffs, retries, failures, the functional API. */
export function describeGraphs(lab: Lab): void {
  const { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } = lab.graph;
  const State = Annotation.Root({
    log: Annotation<string[]>({ reducer: (one, other) => one.concat(other), default: () => [] }),
  });
  type Node = (state: typeof State.State) => Promise<object>;

  const say =
    (text: string): Node =>
    async () => ({ log: [text] });
  const ask: Node = async () => ({ log: [interrupt({ question: "Go on?" })] });
  const thread = (handler: RivuletCallbackHandler) => ({
    callbacks: [handler],
    configurable: { thread_id: "t-1" },
  });

  const oneNode = (node: Node) =>
    new StateGraph(State).addNode("work", node).addEdge(START, "work").addEdge("work", END);

  function askingGraph() {
    const inner = new StateGraph(State)
      .addNode("ask", ask)
      .addEdge(START, "ask")
      .addEdge("ask", END)
      .compile();
    return new StateGraph(State)
      .addNode("prepare", say("ready"))
      .addNode("inner", inner)
      .addEdge(START, "prepare")
      .addConditionalEdges("prepare", () => "inner", ["inner"])
      .addEdge("inner", END)
      .compile({ checkpointer: new MemorySaver() });
  }

  test("records a graph with its nodes and nothing of its machinery", async () => {
    const { rivulet, tree: traces, span } = openClient();
    const graph = new StateGraph(State)
      .addNode("first", say("1"))
      .addNode("second", say("2"))
      .addEdge(START, "first")
      .addConditionalEdges("first", () => "second", ["second"])
      .addEdge("second", END)
      .compile();
    await graph.invoke({ log: [] }, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      workflow LangGraph ok
        task first ok
        task second ok
    `);
    expect(await span("second")).toMatchObject({
      input: { log: ["1"] },
      output: { log: ["2"] },
      attributes: {
        "langgraph.node": "second",
        "langgraph.step": 2,
        "langgraph.triggers": ["branch:to:second"],
        "langgraph.path": ["__pregel_pull", "second"],
        "langgraph.checkpoint_ns": expect.stringMatching(/^second:/),
      },
    });
  });

  test("shows an interrupt as a wait, keeps what is asked, and goes on in the same session", async () => {
    const { rivulet, tree: traces, spans, traces: recorded } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    const graph = askingGraph();
    await graph.invoke({ log: [] }, thread(handler));
    await graph.invoke(new Command({ resume: "yes" }), thread(handler));
    expect(await traces()).toBe(tree`
      workflow LangGraph interrupted
        task prepare ok
        task inner interrupted
          workflow LangGraph interrupted
            task ask interrupted
      workflow LangGraph ok
        task inner ok
          workflow LangGraph ok
            task ask ok
    `);
    expect((await recorded()).map(({ sessionId, status }) => [sessionId, status])).toEqual([
      ["t-1", "interrupted"],
      ["t-1", "ok"],
    ]);
    const [root, , , , asking, resumed] = await spans();
    const asked = [expect.objectContaining({ value: { question: "Go on?" } })];
    expect(root?.attributes["langgraph.interrupts"]).toEqual(asked);
    expect(asking?.attributes["langgraph.interrupts"]).toEqual(asked);
    expect(root?.attributes["langgraph.resumed"]).toBeUndefined();
    expect(resumed?.attributes["langgraph.resumed"]).toBe(true);
    expect(handler.stats().openRuns).toBe(0);
  });

  test("does not take Command({ goto }) for an answer", async () => {
    const { rivulet, span } = openClient();
    const graph = new StateGraph(State)
      .addNode("one", say("1"), { ends: ["two"] })
      .addNode("two", say("2"))
      .addEdge(START, "one")
      .compile({ checkpointer: new MemorySaver() });
    const handler = new RivuletCallbackHandler(rivulet);
    await graph.invoke(new Command({ goto: "two", update: { log: ["x"] } }), thread(handler));
    expect((await span("LangGraph")).attributes["langgraph.resumed"]).toBeUndefined();
  });

  test("takes a handoff to the parent graph for no error", async () => {
    const { rivulet, tree: traces, span } = openClient();
    const inner = new StateGraph(State)
      .addNode("leave", async () => new Command({ goto: "after", graph: Command.PARENT }))
      .addEdge(START, "leave")
      .compile();
    const graph = new StateGraph(State)
      .addNode("inner", inner, { ends: ["after"] })
      .addNode("after", say("done"))
      .addEdge(START, "inner")
      .compile();
    await graph.invoke({ log: [] }, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      workflow LangGraph ok
        task inner ok
          workflow LangGraph ok
            task leave ok
        task after ok
    `);
    expect((await span("leave")).attributes["langgraph.handoff"]).toBe(true);
  });

  test("shows a static breakpoint as a wait", async ({ skip }) => {
    skip(lab.name === "0.3", "LangGraph 0.4 tells handlers nothing of interrupts");
    const { rivulet, tree: traces, span } = openClient();
    const graph = new StateGraph(State)
      .addNode("first", say("1"))
      .addNode("second", say("2"))
      .addEdge(START, "first")
      .addEdge("first", "second")
      .compile({ checkpointer: new MemorySaver(), interruptBefore: ["second"] });
    await graph.invoke({ log: [] }, thread(new RivuletCallbackHandler(rivulet)));
    expect(await traces()).toBe(tree`
      workflow LangGraph interrupted
        task first ok
    `);
    expect((await span("LangGraph")).attributes).toMatchObject({
      "langgraph.status": "interrupt_before",
      "langgraph.checkpoint_id": expect.any(String),
    });
  });

  test("is told of interrupts for a property that only LangGraph's own handlers have", async ({
    skip,
  }) => {
    skip(lab.name === "0.3", "LangGraph 0.4 tells handlers nothing of interrupts");
    const told: string[] = [];
    const spy = (marked: boolean) => ({
      awaitHandlers: true,
      [Symbol.for("langgraph.graph_callback_handler")]: marked,
      handleInterrupt: () => told.push(`interrupt ${marked}`),
      handleResume: () => told.push(`resume ${marked}`),
      handleChainStart: () => undefined,
    });
    const graph = askingGraph();
    const config = { callbacks: [spy(true), spy(false)], configurable: { thread_id: "t-2" } };
    await graph.invoke({ log: [] }, config);
    await graph.invoke(new Command({ resume: "yes" }), config);
    expect(told[0]).toBe("interrupt true");
    expect(new Set(told)).toEqual(new Set(["interrupt true", "resume true"]));
  });

  test("shows each attempt of a node with a retry policy", async () => {
    const { rivulet, tree: traces } = openClient();
    let attempts = 0;
    const graph = new StateGraph(State)
      .addNode(
        "flaky",
        async () => {
          attempts += 1;
          if (attempts === 1) throw new Error("once");
          return { log: ["fine"] };
        },
        {
          retryPolicy: { maxAttempts: 2, initialInterval: 1, jitter: false, logWarning: false },
        },
      )
      .addEdge(START, "flaky")
      .addEdge("flaky", END)
      .compile();
    await graph.invoke({ log: [] }, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      workflow LangGraph ok
        task flaky error
        task flaky ok
    `);
  });

  test("tells the node that failed from the one beside it that was cancelled for it", async () => {
    const { rivulet, spans } = openClient();
    const started = deferred();
    const handler = new RivuletCallbackHandler(rivulet);
    const graph = new StateGraph(State)
      .addNode("fails", async () => {
        await started.promise;
        throw new Error("broken");
      })
      .addNode("waits", async (_: typeof State.State, { signal }: { signal?: AbortSignal }) => {
        started.resolve();
        return untilAborted(signal);
      })
      .addEdge(START, "fails")
      .addEdge(START, "waits")
      .compile();
    await expect(graph.invoke({ log: [] }, { callbacks: [handler] })).rejects.toThrow("broken");
    await expect.poll(() => handler.stats().openRuns).toBe(0);
    const status = (spans: readonly Span[]) =>
      Object.fromEntries(spans.map((span) => [span.name, span.status]));
    expect(status(await spans())).toEqual({
      LangGraph: "error",
      fails: "error",
      waits: "cancelled",
    });
  });

  test("ends a graph that its caller aborted as cancelled", async () => {
    const { rivulet, tree: traces } = openClient();
    const abort = new AbortController();
    const started = deferred();
    const handler = new RivuletCallbackHandler(rivulet);
    const graph = oneNode(async () => {
      started.resolve();
      return untilAborted(abort.signal);
    }).compile();
    const call = graph.invoke({ log: [] }, { callbacks: [handler], signal: abort.signal });
    await started.promise;
    // Aborted before LangGraph waits for the node, the graph itself is never ended.
    await setImmediate();
    abort.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => handler.stats().openRuns).toBe(0);
    expect(await traces()).toBe(tree`
      workflow LangGraph cancelled
        task work cancelled
    `);
  });

  test("records the functional API", async () => {
    const { rivulet, spans } = openClient();
    const double = lab.graph.task("double", async (value: number) => value * 2);
    const flow = lab.graph.entrypoint("flow", async (value: number) => double(value));
    await flow.invoke(4, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    const recorded = await spans();
    const root = recorded.find(({ parentId }) => parentId === undefined);
    expect(root?.type).toBe("workflow");
    expect(recorded.find(({ name }) => name === "double")).toMatchObject({
      parentId: root?.id,
      type: "task",
      status: "ok",
      output: { output: 8 },
    });
  });
}
