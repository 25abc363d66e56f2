import { tool } from "@langchain/core/tools";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { AgentExecutor, createToolCallingAgent } from "langchain/agents";
import { expect, test } from "vitest";
import { z } from "zod";
import { openClient } from "../../langchain/client.ts";
import { scriptedModel } from "../../langchain/scripted-model.ts";
import { lab } from "./lab.ts";

test("records a classic agent: its actions are events of its chain, which ends", async () => {
  const { rivulet, span, spans } = openClient();
  const weather = tool(({ city }) => `Rain in ${city}`, {
    name: "weather",
    description: "Tells the weather",
    schema: z.object({ city: z.string() }),
  });
  const tools = [weather];
  const prompt = lab.prompts.ChatPromptTemplate.fromMessages([
    ["human", "{input}"],
    ["placeholder", "{agent_scratchpad}"],
  ]);
  const llm = scriptedModel(lab, {
    script: [[{ name: "weather", args: { city: "Ulm" }, id: "c1" }], "It rains."],
  });
  const agent = createToolCallingAgent({ llm, tools, prompt } as never);
  await AgentExecutor.fromAgentAndTools({ agent, tools }).invoke(
    { input: "How is the weather?" },
    { callbacks: [new RivuletCallbackHandler(rivulet)] },
  );
  const executor = await span("AgentExecutor");
  expect(executor).toMatchObject({ status: "ok", output: { output: "It rains." } });
  expect(executor.events.map(({ name }) => name)).toEqual(["agent_action"]);
  expect(await span("weather")).toMatchObject({
    parentId: executor.id,
    type: "tool",
    status: "ok",
  });
  expect((await spans()).filter(({ type }) => type === "chat_model")).toHaveLength(2);
  expect((await spans()).every(({ endTime }) => endTime !== undefined)).toBe(true);
});
