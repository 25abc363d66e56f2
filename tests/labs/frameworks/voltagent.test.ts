import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { spanProcessor } from "@rivulet/otel";
import { Agent, createTool, VoltAgentObservability } from "@voltagent/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { openRecorder, serve } from "../../providers/support.ts";
import { callsWith, outline } from "./outline.ts";
import { ASKED, REFUSED, STREAMED, WHOLE } from "./weather-model.ts";

test("VoltAgent: agent, model and tools are a trace each, whole, streamed and refused", async () => {
  const { rivulet, spans, errors } = openRecorder();
  const { url } = await serve(...WHOLE, ...STREAMED, ...REFUSED);
  const observability = new VoltAgentObservability({ spanProcessors: [spanProcessor(rivulet)] });
  const look = createTool({
    name: "look",
    description: "Looks outside.",
    parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => `Rain in ${city}`,
  });
  const openai = createOpenAICompatible({ name: "openai", baseURL: url, includeUsage: true });
  const agent = new Agent({
    name: "weather",
    instructions: "Be brief.",
    model: openai("gpt-5-mini"),
    tools: [look],
    memory: false,
    maxRetries: 0,
    observability,
  });
  const who = { userId: "u1", conversationId: "s1" };
  expect((await agent.generateText("How is the weather?", who)).text).toBe("It rains.");
  expect(await (await agent.streamText("How is the weather?", who)).text).toBe("It rains.");
  await expect(agent.generateText("How is the weather?")).rejects.toThrow("No such model");
  await observability.forceFlush();
  const all = await spans();
  expect(outline(all)).toEqual([
    "agent weather > chat_model llm:generateText: error",
    "agent weather > chat_model llm:generateText: ok",
    "agent weather > chat_model llm:streamText: ok",
    "agent weather > memory memory.read: ok",
    "agent weather > memory memory.read: ok",
    "agent weather > tool look: ok",
    "agent weather > tool look: ok",
    "agent weather: error",
    "agent weather: ok",
    "agent weather: ok",
  ]);
  // Of a loop VoltAgent tells one call of the model, with the tokens of the last.
  const calls = callsWith(all, 30);
  expect(calls).toHaveLength(2);
  for (const call of calls) {
    expect(call).toMatchObject({
      model: "gpt-5-mini",
      usage: { outputTokens: 4, totalTokens: 34 },
      input: { messages: ASKED },
      attributes: { finishReason: "stop" },
    });
  }
  expect(all.find(({ type }) => type === "tool")).toMatchObject({
    input: { city: "Rome" },
    output: "Rain in Rome",
    attributes: { toolCallId: "call_1" },
  });
  const run = all.find(({ type, status }) => type === "agent" && status === "ok");
  expect(run).toMatchObject({ input: "How is the weather?", output: "It rains." });
  expect(await rivulet.traces.get(run?.traceId ?? "")).toMatchObject({
    userId: "u1",
    sessionId: "s1",
  });
  const failed = all.find(({ type, status }) => type === "agent" && status === "error");
  expect(failed?.statusMessage).toBe("No such model: gpt-5-mini");
  expect(errors).toEqual([]);
});
