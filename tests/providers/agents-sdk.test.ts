import { Agent, run, setDefaultOpenAIClient, setTracingDisabled, tool } from "@openai/agents";
import { traceOpenAI } from "@rivulet/providers/openai";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { z } from "zod";
import { openRecorder, serve } from "./support.ts";

const response = (output: readonly object[]) => ({
  id: "resp_1",
  object: "response",
  status: "completed",
  model: "gpt-5-2025-08-07",
  output,
  usage: { input_tokens: 11, output_tokens: 8, total_tokens: 19 },
});

it("records the model calls and tools of OpenAI's Agents SDK under the span around the run", async () => {
  setTracingDisabled(true);
  const call = { type: "function_call", id: "fc_1", call_id: "call_1", status: "completed" };
  const { url } = await serve(
    { json: response([{ ...call, name: "look", arguments: '{"city":"Rome"}' }]) },
    {
      json: response([
        {
          type: "message",
          id: "msg_1",
          role: "assistant",
          status: "completed",
          content: [{ type: "output_text", text: "It rains.", annotations: [] }],
        },
      ]),
    },
  );
  const recorder = openRecorder();
  const { rivulet } = recorder;
  // The Agents SDK may be typed by another copy of the client's package.
  const client: unknown = traceOpenAI(new OpenAI({ apiKey: "key", baseURL: url }), rivulet);
  setDefaultOpenAIClient(client as Parameters<typeof setDefaultOpenAIClient>[0]);
  const look = tool({
    name: "look",
    description: "Looks outside.",
    parameters: z.object({ city: z.string() }),
    execute: rivulet.traced(({ city }: { city: string }) => `Rain in ${city}`, {
      name: "look",
      type: "tool",
    }),
  });
  const agent = new Agent({ name: "weather", model: "gpt-5", tools: [look] });
  const ask = () => run(agent, "How is the weather?");
  const { finalOutput } = await rivulet.withSpan("weather", ask, { type: "agent" });
  expect(finalOutput).toBe("It rains.");
  expect(await recorder.tree()).toBe(
    [
      "agent weather: ok",
      "  chat_model chat gpt-5: ok",
      "  tool look: ok",
      "  chat_model chat gpt-5: ok",
    ].join("\n"),
  );
});
