import { traceOpenAI } from "@rivulet/providers/openai";
import OpenAI from "openai";
import { openBenchClient } from "../client.ts";
import { atMost } from "../figure.ts";
import type { Measure } from "../group.ts";
import { type Contender, measureRounds } from "../rounds.ts";
import { text } from "../sample-span.ts";

const prompt = text(2_000, 2);
const completion = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_798_761_600,
  model: "gpt-5-mini-2025-08-07",
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      message: { role: "assistant", content: text(2_000, 3), refusal: null },
    },
  ],
  usage: { prompt_tokens: 500, completion_tokens: 120, total_tokens: 620 },
});

/** A client whose server is a function. */
function openClient(): OpenAI {
  const headers = { "content-type": "application/json", "x-request-id": "req_1" };
  return new OpenAI({ apiKey: "key", fetch: async () => new Response(completion, { headers }) });
}

function calls(client: OpenAI): Contender["work"] {
  return async (count) => {
    for (let index = 0; index < count; index++)
      await client.chat.completions.create({
        model: "gpt-5-mini",
        messages: [{ role: "user", content: prompt }],
      });
  };
}

/** What tracing adds to the calls of a provider's client. */
export const measure: Measure = async () => {
  await using client = await openBenchClient();
  const { rivulet } = client;
  const cpu = await measureRounds(
    {
      bare: { work: calls(openClient()) },
      traced: { work: calls(traceOpenAI(openClient(), rivulet)), settle: () => rivulet.flush() },
    },
    { rounds: 9, count: 1_000, warmUp: 2_000 },
  );
  return [
    atMost(60, "providers: CPU added to a call", {
      value: cpu.traced - cpu.bare,
      unit: "µs",
      detail: `${cpu.traced.toFixed(1)} µs - ${cpu.bare.toFixed(1)} µs`,
    }),
  ];
};
