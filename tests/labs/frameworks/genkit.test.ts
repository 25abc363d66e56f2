import { openAICompatible } from "@genkit-ai/compat-oai";
import { spanProcessor } from "@rivulet/otel";
import { genkit, z } from "genkit";
import { enableTelemetry, flushTracing } from "genkit/tracing";
import { expect, test } from "vitest";
import { openRecorder, serve } from "../../providers/support.ts";
import { callsWith, outline } from "./outline.ts";
import { ANSWERED, ASKED, CALLED, REFUSED, STREAMED, WHOLE } from "./weather-model.ts";

test("Genkit: flows, model calls and tools are a trace each, whole, streamed and refused", async () => {
  const { rivulet, spans, errors } = openRecorder();
  const { url } = await serve(...WHOLE, ...STREAMED, ...REFUSED);
  await enableTelemetry({ spanProcessors: [spanProcessor(rivulet)] });
  const plugin = openAICompatible({ name: "openai", apiKey: "key", baseURL: url, maxRetries: 0 });
  const ai = genkit({ plugins: [plugin] });
  const look = ai.defineTool(
    {
      name: "look",
      description: "Looks outside.",
      inputSchema: z.object({ city: z.string() }),
      outputSchema: z.string(),
    },
    async ({ city }) => `Rain in ${city}`,
  );
  const request = { model: "openai/gpt-5-mini", system: "Be brief.", tools: [look] };
  const weather = ai.defineFlow("weather", async (prompt: string) => {
    const { text } = await ai.generate({ ...request, prompt, config: { temperature: 0.1 } });
    return text;
  });

  expect(await weather("How is the weather?")).toBe("It rains.");
  const { stream, response } = ai.generateStream({ ...request, prompt: "How is the weather?" });
  for await (const _ of stream);
  expect((await response).text).toBe("It rains.");
  await expect(weather("How is the weather?")).rejects.toThrow("No such model");
  await flushTracing();

  const all = await spans();
  const run = [
    "task generate > chat_model openai/gpt-5-mini: ok",
    "task generate > task generate > chat_model openai/gpt-5-mini: ok",
    "task generate > task generate: ok",
    "task generate > tool look: ok",
    "task generate: ok",
  ];
  expect(outline(all)).toEqual([
    ...run,
    "workflow weather > task generate > chat_model openai/gpt-5-mini: error",
    ...run.slice(0, 4).map((path) => `workflow weather > ${path}`),
    "workflow weather > task generate: error",
    "workflow weather > task generate: ok",
    "workflow weather: error",
    "workflow weather: ok",
  ]);
  const model = { type: "chat_model", model: "gpt-5-mini-2025-08-07", provider: "openai" };
  for (const first of callsWith(all, 20)) {
    expect(first).toMatchObject({
      ...model,
      usage: { outputTokens: 5, totalTokens: 25 },
      input: { messages: ASKED, tools: [{ name: "look" }] },
      output: { messages: [CALLED] },
      attributes: { finishReason: "stop" },
    });
  }
  const last = callsWith(all, 30);
  expect(last).toHaveLength(2);
  for (const call of last) {
    expect(call).toMatchObject({
      ...model,
      usage: { outputTokens: 4, totalTokens: 34 },
      input: { messages: ANSWERED },
      output: { messages: [{ role: "assistant", content: "It rains." }] },
      attributes: { responseId: "chatcmpl-2" },
    });
  }
  const refused = all.find(({ type, status }) => type === "chat_model" && status === "error");
  expect(refused?.statusMessage).toBe("INVALID_ARGUMENT: 400 No such model: gpt-5-mini");
  expect(errors).toEqual([]);
});
