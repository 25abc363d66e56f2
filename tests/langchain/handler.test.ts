import { RivuletCallbackHandler } from "@rivulet/langchain";
import { afterEach, expect, test, vi } from "vitest";
import { openClient, START } from "./client.ts";

const CHAIN = { id: ["langchain_core", "runnables", "RunnableSequence"] };
const NODE = { langgraph_node: "tools" };

afterEach(() => {
  vi.useRealTimers();
});

test("ignores the end, the tokens and the pauses of runs that it does not know", async () => {
  const { rivulet, traces, errors } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  handler.handleChainEnd({}, "r");
  handler.handleChainError(new Error("x"), "r");
  handler.handleLLMEnd({ generations: [] }, "r");
  handler.handleLLMNewToken("x", {}, "r");
  handler.handleInterrupt({ runId: "r" });
  handler.handleResume({ runId: "r" });
  handler.handleCustomEvent("x", {}, "r");
  expect(await traces()).toEqual([]);
  expect(errors).toEqual([]);
});

test("never throws, whatever it is given", async () => {
  const { rivulet, spans } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  const hostile = {
    get messages(): never {
      throw new Error("a getter that throws");
    },
  };
  handler.handleChainStart(CHAIN, hostile, "hostile");
  handler.handleChainEnd(hostile, "hostile");
  handler.handleChainStart(undefined, undefined, "bare");
  handler.handleChainError(undefined, "bare");
  handler.handleChatModelStart(null, null as unknown as unknown[][], "model");
  handler.handleLLMEnd("no result", "model");
  handler.handleToolStart(undefined, "{not json", "tool");
  handler.handleToolEnd(Symbol("x"), "tool");
  expect((await spans()).map(({ name, status }) => `${name} ${status}`)).toEqual([
    "RunnableSequence ok",
    "chain error",
    "chat_model ok",
    "tool ok",
  ]);
  expect(handler.stats().openRuns).toBe(0);
});

test("reports a failure of its own once to the client, not to the app", () => {
  const { rivulet, errors } = openClient();
  const broken = {
    ...rivulet,
    startSpan: () => {
      throw new Error("no spans today");
    },
  };
  const handler = new RivuletCallbackHandler(broken);
  handler.handleChainStart(CHAIN, {}, "r");
  expect(errors.map(({ message }) => message)).toEqual(["no spans today"]);
});

test("knows models and graphs whose classes a bundler has given short names", async () => {
  const { rivulet, spans } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  const model = { id: ["langchain", "chat_models", "openai", "a"] };
  const metadata = { ls_model_name: "gpt-5-mini" };
  handler.handleChainStart({ id: ["langgraph", "pregel", "UA"] }, {}, "graph");
  handler.handleChatModelStart(model, [], "1", "graph", {}, [], metadata);
  handler.handleChatModelStart(model, [], "2", "graph");
  for (const id of ["1", "2"]) handler.handleLLMEnd({ generations: [] }, id);
  handler.handleChainEnd({}, "graph");
  expect((await spans()).map(({ name, type }) => `${type} ${name}`)).toEqual([
    "workflow pregel",
    "chat_model gpt-5-mini",
    "chat_model openai",
  ]);
});

test("takes a chain of type llm for a model", async () => {
  const { rivulet, span } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  const start = ["r", undefined, [], {}, "llm", "Decision"] as const;
  const [runId, parent, , metadata, type, name] = start;
  handler.handleChainStart(CHAIN, "Which?", runId, parent, [], metadata, type, name);
  handler.handleChainEnd({ output: "this" }, "r");
  expect(await span("Decision")).toMatchObject({ type: "llm", input: "Which?", status: "ok" });
});

test("knows LangGraph's interrupts by their flag, not by a name", async () => {
  const { rivulet, spans } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  const named = Object.assign(new Error("mine"), { name: "GraphInterrupt" });
  const flagged = Object.assign(new Error("theirs"), { is_bubble_up: true, interrupts: [1] });
  const handoff = Object.assign(new Error("theirs"), { is_bubble_up: true });
  for (const [index, error] of [named, flagged, handoff].entries()) {
    handler.handleChainStart(CHAIN, {}, `r${index}`);
    handler.handleChainError(error, `r${index}`);
  }
  expect((await spans()).map(({ status }) => status)).toEqual(["error", "interrupted", "ok"]);
});

test("keeps events that the app reports in a run", async () => {
  const { rivulet, span } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  handler.handleChainStart(CHAIN, {}, "r");
  handler.handleCustomEvent("progress", { done: 3 }, "r");
  handler.handleAgentAction({ tool: "search", toolInput: "x" }, "r");
  handler.handleChainEnd({}, "r");
  expect((await span("RunnableSequence")).events).toMatchObject([
    { name: "progress", timestamp: START, attributes: { data: { done: 3 } } },
    { name: "agent_action", attributes: { data: { tool: "search" } } },
  ]);
});

test("takes metadata with dangerous names for what it is", async () => {
  const { rivulet, span } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  const metadata = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "x"}');
  handler.handleChainStart(CHAIN, {}, "r", undefined, [], metadata);
  handler.handleChainEnd({}, "r");
  expect((await span("RunnableSequence")).attributes["metadata"]).toEqual({ constructor: "x" });
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("lets go of the oldest run when too many are open, and says so", async () => {
  const { rivulet, errors, spans } = openClient({ store: "memory:" });
  const handler = new RivuletCallbackHandler(rivulet);
  for (let index = 0; index <= 10_000; index++) handler.handleChainStart(CHAIN, {}, `r${index}`);
  expect(handler.stats()).toEqual({ openRuns: 10_000, abandonedRuns: 0, droppedRuns: 1 });
  expect(errors).toMatchObject([{ code: "limit_exceeded" }]);
  handler.handleChainEnd({}, "r0");
  const [oldest] = await spans();
  expect(oldest).toMatchObject({ status: "abandoned" });
});

test("closes a run without news for an hour at its last news, and one below keeps it open", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { rivulet, clock, spans } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  handler.handleChatModelStart({ id: ["Left"] }, [[]], "left");
  handler.handleChainStart({ id: ["Outer"] }, {}, "outer");
  clock.advance(1_000);
  handler.handleLLMNewToken("half", {}, "left");
  clock.advance(3_000_000);
  handler.handleToolStart({ id: ["Inner"] }, "x", "inner", "outer");
  clock.advance(600_001);
  vi.advanceTimersByTime(60_000);
  expect(handler.stats()).toEqual({ openRuns: 2, abandonedRuns: 1, droppedRuns: 0 });
  const [left] = await spans();
  expect(left).toMatchObject({
    name: "Left",
    status: "abandoned",
    endTime: START + 1_000,
    timeToFirstTokenMs: 1_000,
    output: { messages: [{ role: "assistant", content: "half" }] },
  });
});

test("keeps a run open whose child has ended in the last hour", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { rivulet, clock } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  handler.handleChainStart({ id: ["Outer"] }, {}, "outer");
  handler.handleToolStart({ id: ["Inner"] }, "x", "inner", "outer");
  clock.advance(3_000_000);
  handler.handleToolEnd("y", "inner");
  clock.advance(3_600_000);
  vi.advanceTimersByTime(60_000);
  expect(handler.stats()).toEqual({ openRuns: 1, abandonedRuns: 0, droppedRuns: 0 });
  clock.advance(1);
  vi.advanceTimersByTime(60_000);
  expect(handler.stats()).toEqual({ openRuns: 0, abandonedRuns: 1, droppedRuns: 0 });
});

test("gives a bad call a span though another of the same tool has run and failed", async () => {
  const { rivulet, spans } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  const answer = (id: string) => ({
    lc_serializable: true,
    type: "tool",
    name: "search",
    status: "error",
    content: `error of ${id}`,
    tool_call_id: id,
  });
  handler.handleChainStart(CHAIN, {}, "tools", undefined, ["graph:step:1"], NODE, "chain", "tools");
  // LangChain does not always say which call a tool answers.
  handler.handleToolStart({ id: ["search"] }, "x", "search", "tools", [], {}, "search");
  handler.handleToolError(new Error("error of c1"), "search");
  handler.handleChainEnd({ messages: [answer("c1"), answer("c2"), answer("c3")] }, "tools");
  const tools = (await spans()).filter(({ type }) => type === "tool");
  expect(
    tools.map(({ statusMessage, attributes }) => [
      statusMessage,
      attributes["langchain.tool_call_id"],
    ]),
  ).toEqual([
    ["error of c1", undefined],
    ["error of c2", "c2"],
    ["error of c3", "c3"],
  ]);
});

test("is no stream handler for LangChain: it would turn calls into streams", () => {
  const { rivulet } = openClient();
  const handler = new RivuletCallbackHandler(rivulet);
  expect("lc_prefer_streaming" in handler).toBe(false);
  expect("lc_prefer_chat_model_stream_events" in handler).toBe(false);
  expect("_addRunToRunMap" in handler).toBe(false);
  expect(handler).toMatchObject({ name: "rivulet", awaitHandlers: true, raiseError: false });
});

test("a misspelt option is reported once, and the handler records all the same", async () => {
  const { rivulet, spans, errors } = openClient();
  const options = { sesionId: "s", userId: "u" } as object;
  for (const run of ["one", "two"]) {
    const handler = new RivuletCallbackHandler(rivulet, options);
    handler.handleChainStart(CHAIN, {}, run);
    handler.handleChainEnd({}, run);
  }
  expect(await spans()).toHaveLength(2);
  expect(errors.map(({ message }) => message)).toEqual([
    "RivuletCallbackHandler.sesionId: is not known here. Did you mean sessionId?",
  ]);
});
