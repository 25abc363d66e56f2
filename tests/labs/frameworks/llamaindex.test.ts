import { tool } from "@llamaindex/core/tools";
import { openai } from "@llamaindex/openai";
import { agent } from "@llamaindex/workflow";
import { traceOpenAI } from "@rivulet/providers/openai";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { z } from "zod";
import { openRecorder, serve } from "../../providers/support.ts";
import { ANSWERED, ASKED, CALLED, REFUSED, STREAMED } from "./weather-model.ts";

test("LlamaIndex.TS: an agent's model calls and tools stand under the span around its run", async () => {
  const { rivulet, spans, tree } = openRecorder();
  const { url } = await serve(...STREAMED);
  const client = new OpenAI({ apiKey: "key", baseURL: url });
  const llm = openai({ model: "gpt-5-mini", session: traceOpenAI(client, rivulet) });
  const look = tool({
    name: "look",
    description: "Looks outside.",
    parameters: z.object({ city: z.string() }),
    execute: rivulet.traced(({ city }: { city: string }) => `Rain in ${city}`, {
      name: "look",
      type: "tool",
    }),
  });
  const weather = agent({ llm, tools: [look], systemPrompt: "Be brief." });
  const ask = () => weather.run("How is the weather?");
  const { data } = await rivulet.withSpan("weather", ask, { type: "agent" });
  expect(data.result).toBe("It rains.");
  expect(await tree()).toBe(
    [
      "agent weather: ok",
      "  chat_model chat gpt-5-mini: ok",
      "  tool look: ok",
      "  chat_model chat gpt-5-mini: ok",
    ].join("\n"),
  );
  const [first, second] = (await spans()).filter(({ type }) => type === "chat_model");
  expect(first).toMatchObject({
    model: "gpt-5-mini-2025-08-07",
    provider: "openai",
    usage: { inputTokens: 20, outputTokens: 5 },
    input: { messages: ASKED },
    output: { messages: [CALLED] },
    attributes: { finishReason: "tool_calls", responseId: "chatcmpl-1" },
  });
  expect(second).toMatchObject({
    usage: { inputTokens: 30, outputTokens: 4 },
    input: { messages: ANSWERED },
    output: { messages: [{ role: "assistant", content: "It rains." }] },
  });
});

test("LlamaIndex.TS: a model call that is refused is an error", async () => {
  const { rivulet, span } = openRecorder();
  const { url } = await serve(...REFUSED);
  const client = new OpenAI({ apiKey: "key", baseURL: url, maxRetries: 0 });
  const llm = openai({ model: "gpt-5-mini", session: traceOpenAI(client, rivulet) });
  const messages = [{ role: "user" as const, content: "How is the weather?" }];
  await expect(llm.chat({ messages })).rejects.toThrow("No such model");
  expect(await span()).toMatchObject({
    type: "chat_model",
    status: "error",
    statusMessage: "400 No such model: gpt-5-mini",
    attributes: { httpStatus: 400 },
  });
});
