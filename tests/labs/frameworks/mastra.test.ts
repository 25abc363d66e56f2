import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { Agent } from "@mastra/core/agent";
import { Mastra } from "@mastra/core/mastra";
import { createTool } from "@mastra/core/tools";
import { Observability } from "@mastra/observability";
import { OtelExporter } from "@mastra/otel-exporter";
import { spanExporter } from "@rivulet/otel";
import { expect, test } from "vitest";
import { z } from "zod";
import { openRecorder, serve } from "../../providers/support.ts";
import { callsWith, outline } from "./outline.ts";
import { ASKED, REFUSED, STREAMED, WHOLE } from "./weather-model.ts";

test("Mastra: agent, steps, model calls and tools are a trace each, whole, streamed and refused", async () => {
  const { rivulet, spans, errors } = openRecorder();
  const { url } = await serve(...WHOLE, ...STREAMED, ...REFUSED);
  const exporter = new OtelExporter({
    // It wants an address even where it sends nothing anywhere.
    provider: { custom: { endpoint: "rivulet" } },
    signals: { logs: false },
    exporter: spanExporter(rivulet),
  });
  const look = createTool({
    id: "look",
    description: "Looks outside.",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `Rain in ${city}`,
  });
  const openai = createOpenAICompatible({ name: "openai", baseURL: url, includeUsage: true });
  const weather = new Agent({
    id: "weather",
    name: "weather",
    instructions: "Be brief.",
    model: openai("gpt-5-mini"),
    tools: { look },
    maxRetries: 0,
  });
  const mastra = new Mastra({
    agents: { weather },
    logger: false,
    observability: new Observability({
      configs: { default: { serviceName: "app", exporters: [exporter] } },
    }),
  });
  const agent = mastra.getAgent("weather");
  const metadata = { userId: "u1", sessionId: "s1" };

  const whole = await agent.generate("How is the weather?", {
    tracingOptions: { metadata, tags: ["demo"] },
  });
  expect(whole.text).toBe("It rains.");
  expect(await (await agent.stream("How is the weather?")).text).toBe("It rains.");
  await expect(agent.generate("How is the weather?")).rejects.toThrow("No such model");
  await mastra.shutdown();

  const all = await spans();
  const step =
    "agent invoke_agent weather > task model_generation gpt-5-mini > task agent_step weather";
  const paths = outline(all);
  expect(paths.filter((path) => !path.includes("model_chunk"))).toEqual([
    `${step} > chat_model chat gpt-5-mini: error`,
    ...Array(4).fill(`${step} > chat_model chat gpt-5-mini: ok`),
    ...Array(2).fill(`${step} > tool look: ok`),
    ...Array(5).fill(`${step}: ok`),
    ...Array(3).fill("agent invoke_agent weather > task model_generation gpt-5-mini: ok"),
    "agent invoke_agent weather: error",
    ...Array(2).fill("agent invoke_agent weather: ok"),
  ]);
  const [run] = all.filter(({ type, status }) => type === "agent" && status === "ok");
  expect(run).toMatchObject({ input: { messages: ASKED }, output: { text: "It rains." } });
  const model = { model: "gpt-5-mini-2025-08-07", provider: "openai" };
  const [first, second] = [callsWith(all, 20), callsWith(all, 30)];
  expect(first[0]).toMatchObject({
    ...model,
    usage: { outputTokens: 5, totalTokens: 25 },
    attributes: { finishReason: "tool-calls" },
  });
  expect(second[1]).toMatchObject({
    ...model,
    usage: { outputTokens: 4, totalTokens: 34 },
    output: { messages: [{ role: "assistant", content: "It rains." }] },
  });
  expect(all.find(({ type }) => type === "tool")).toMatchObject({
    input: { city: "Rome" },
    output: "Rain in Rome",
    attributes: { toolCallId: "call_1" },
  });
  expect(await rivulet.traces.get(run?.traceId ?? "")).toMatchObject({
    userId: "u1",
    sessionId: "s1",
    tags: { demo: "true" },
    usage: { inputTokens: 50, outputTokens: 9 },
  });
  expect(errors).toEqual([]);
});
