import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient, tree } from "./client.ts";
import type { Lab } from "./lab.ts";
import { scriptedModel, type Turn, type WantedCall } from "./scripted-model.ts";

const QUESTION = { messages: [{ role: "user", content: "How is the weather in Ulm?" }] };

function call(name: string, args: Record<string, unknown>, id: string): WantedCall {
  return { name, args, id };
}

/** Agents with tools, those of LangGraph in every version and `createAgent` from 1.0 on. */
export function describeAgents(lab: Lab): void {
  const { z } = lab;

  const weather = lab.tools.tool(async ({ city }: { city: string }) => `Rain in ${city}`, {
    name: "weather",
    description: "Tells the weather",
    schema: z.object({ city: z.string() }),
  });
  const broken = lab.tools.tool(
    async () => {
      throw new Error("no network");
    },
    { name: "broken", description: "Fails", schema: z.object({ city: z.string() }) },
  );

  function reactAgent(script: readonly Turn[], tools: readonly object[] = [weather, broken]) {
    return lab.prebuilt.createReactAgent({
      llm: scriptedModel(lab, { script }),
      tools: tools as (typeof weather)[],
      version: "v1",
    });
  }

  test("records an agent with its tool calls", async () => {
    const { rivulet, tree: traces } = openClient();
    const agent = reactAgent([[call("weather", { city: "Ulm" }, "c1")], "It rains."]);
    await agent.invoke(QUESTION, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      workflow LangGraph ok
        task agent ok
          chain RunnableSequence ok
            chain prompt ok
            chat_model Scripted ok 10+6
        task tools ok
          tool weather ok
        task agent ok
          chain RunnableSequence ok
            chain prompt ok
            chat_model Scripted ok 10+6
    `);
  });

  test("keeps of a tool its arguments, its result and the call it answers", async () => {
    const { rivulet, span, spans } = openClient();
    const agent = reactAgent([[call("weather", { city: "Ulm" }, "c1")], "It rains."]);
    await agent.invoke(QUESTION, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    const tool = await span("weather");
    expect(tool).toMatchObject({
      type: "tool",
      input: { city: "Ulm" },
      output: {
        role: "tool",
        content: [{ type: "tool_result", id: "c1", name: "weather", content: "Rain in Ulm" }],
      },
    });
    expect(tool.attributes["langchain.tool_call_id"]).toBe(lab.name === "0.3" ? undefined : "c1");
    const [first, second] = (await spans()).filter(({ type }) => type === "chat_model");
    expect(first).toMatchObject({
      input: {
        messages: [{ role: "user", content: "How is the weather in Ulm?" }],
        tools: [
          { name: "weather", description: "Tells the weather" },
          { name: "broken", description: "Fails" },
        ],
      },
      output: {
        messages: [
          {
            role: "assistant",
            content: [{ type: "tool_call", id: "c1", name: "weather", arguments: { city: "Ulm" } }],
          },
        ],
      },
    });
    expect(second?.input).toMatchObject({
      messages: [
        { role: "user" },
        { role: "assistant" },
        { role: "tool", content: [{ type: "tool_result", content: "Rain in Ulm" }] },
      ],
    });
  });

  test("gives calls that were refused before the tool started a span of their own", async () => {
    const { rivulet, spans } = openClient();
    const calls = [
      call("weather", { city: "Ulm" }, "c1"),
      call("weather", { city: 7 }, "c2"),
      call("broken", { city: "Ulm" }, "c3"),
      call("unknown", {}, "c4"),
    ];
    await reactAgent([calls, "Sorry."]).invoke(QUESTION, {
      callbacks: [new RivuletCallbackHandler(rivulet)],
    });
    const all = await spans();
    const node = all.find(({ name }) => name === "tools");
    const tools = all.filter(({ type }) => type === "tool");
    expect(tools.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "weather ok",
      "broken error",
      "weather error",
      "unknown error",
    ]);
    expect(tools.every(({ parentId }) => parentId === node?.id)).toBe(true);
    expect(tools[1]?.statusMessage).toBe("no network");
    expect(tools[2]?.statusMessage).toMatch(/did not match expected schema/);
    expect(tools[3]?.statusMessage).toMatch(/unknown/);
    expect(tools.map(({ attributes }) => attributes["langchain.synthetic"])).toEqual([
      undefined,
      undefined,
      true,
      true,
    ]);
    expect(tools[2]?.attributes["langchain.tool_call_id"]).toBe("c2");
  });

  test("hangs a model that a tool calls without its config under the tool", async () => {
    const { rivulet, tree: traces } = openClient();
    const inner = scriptedModel(lab, { script: ["inner"] });
    const asking = lab.tools.tool(async () => (await inner.invoke("Is it wet?")).content, {
      name: "asking",
      description: "Asks",
      schema: z.object({}),
    });
    const agent = reactAgent([[call("asking", {}, "c1")], "Yes."], [asking]);
    await agent.invoke(QUESTION, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toContain(
      ["    task tools ok", "      tool asking ok", "        chat_model Scripted ok 10+6"]
        .map((line) => line.slice(2))
        .join("\n"),
    );
  });

  test("keeps many agents at once apart", async () => {
    const { rivulet, traces, spans } = openClient();
    const handler = new RivuletCallbackHandler(rivulet);
    const agents = Array.from({ length: 30 }, (_, number) =>
      reactAgent([[call("weather", { city: `city ${number}` }, "c1")], "Done."]).invoke(QUESTION, {
        callbacks: [handler],
        metadata: { number },
      }),
    );
    await Promise.all(agents);
    expect(await traces()).toHaveLength(30);
    const numbers = new Map((await traces()).map((trace) => [trace.id, trace.metadata["number"]]));
    const tools = (await spans()).filter(({ type }) => type === "tool");
    expect(tools).toHaveLength(30);
    for (const { traceId, input } of tools) {
      expect(input).toEqual({ city: `city ${numbers.get(traceId)}` });
    }
    expect(handler.stats().openRuns).toBe(0);
  });

  test("makes calls of the same thread traces of one session", async () => {
    const { rivulet, traces } = openClient();
    const agent = lab.prebuilt.createReactAgent({
      llm: scriptedModel(lab, { script: ["Hello."] }),
      tools: [],
      checkpointSaver: new lab.graph.MemorySaver(),
    });
    const config = {
      callbacks: [new RivuletCallbackHandler(rivulet)],
      configurable: { thread_id: "t-1" },
    };
    await agent.invoke(QUESTION, config);
    await agent.invoke(QUESTION, config);
    expect((await traces()).map(({ sessionId }) => sessionId)).toEqual(["t-1", "t-1"]);
  });

  test("records createAgent and its middleware", async ({ skip }) => {
    skip(lab.agents === undefined, "createAgent came with LangChain 1.0");
    const { rivulet, tree: traces } = openClient();
    const middleware = lab.agents?.createMiddleware({ name: "Mw", beforeModel: () => undefined });
    const agent = lab.agents?.createAgent({
      model: scriptedModel(lab, {
        script: [[call("weather", { city: "Ulm" }, "c1")], "It rains."],
      }),
      tools: [weather],
      name: "forecaster",
      middleware: middleware === undefined ? [] : [middleware],
    });
    await agent?.invoke(QUESTION, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
      agent forecaster ok
        task Mw.before_model ok
        task model_request ok
          chat_model Scripted ok 10+6
        task tools ok
          tool weather ok
        task Mw.before_model ok
        task model_request ok
          chat_model Scripted ok 10+6
    `);
  });

  test("shows the routers of a graph when it is told to", async ({ skip }) => {
    skip(lab.agents === undefined, "createAgent came with LangChain 1.0");
    const { rivulet, tree: traces } = openClient();
    const agent = lab.agents?.createAgent({ model: scriptedModel(lab), tools: [weather] });
    const handler = new RivuletCallbackHandler(rivulet, { collapse: [] });
    await agent?.invoke(QUESTION, { callbacks: [handler] });
    expect(await traces()).toBe(tree`
      agent LangGraph ok
        task model_request ok
          chat_model Scripted ok 10+6
          chain RunnableLambda ok
    `);
  });

  test("takes the first token from the events of streamEvents v3", async ({ skip }) => {
    skip(lab.name !== "latest", "streamEvents v3 of agents came with LangGraph 1.7");
    const { rivulet, clock, span } = openClient();
    const model = scriptedModel(lab, { onToken: () => clock.advance(4) });
    const agent = lab.agents?.createAgent({ model, tools: [] });
    const run = await agent?.streamEvents(QUESTION, {
      version: "v3",
      callbacks: [new RivuletCallbackHandler(rivulet)],
    });
    for await (const _ of run as AsyncIterable<unknown>);
    expect(await span("Scripted")).toMatchObject({
      timeToFirstTokenMs: 4,
      usage: { inputTokens: 10, outputTokens: 6, totalTokens: 16 },
    });
  });
}
