import { rivuletMiddleware, rivuletTelemetry, traceAiSdk } from "@rivulet/ai-sdk";
import type { Rivulet } from "@rivulet/core";
import { traceOpenAI } from "@rivulet/providers/openai";
import * as ai7 from "ai";
import { MockEmbeddingModelV4, MockLanguageModelV4 } from "ai/test";
import * as ai5 from "ai5";
import { MockLanguageModelV2 } from "ai5/test";
import * as ai6 from "ai6";
import { MockLanguageModelV3 } from "ai6/test";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { z } from "zod";
import { openRecorder, type Reply, serve } from "./support.ts";

const usage = { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 };
const ANSWER: Reply = {
  json: {
    model: "gpt-5-mini",
    choices: [
      { index: 0, finish_reason: "stop", message: { role: "assistant", content: '{"a":1}' } },
    ],
    usage,
  },
};
const VECTORS: Reply = {
  json: {
    model: "text-embedding-3-small",
    data: [{ index: 0, embedding: [1, 2] }],
    usage: { prompt_tokens: 20, total_tokens: 20 },
  },
};

/** Models of the SDK that call OpenAI by its own client, as some community providers do. */
function modelsOn(client: OpenAI) {
  async function ask() {
    const answer = await client.chat.completions.create({ model: "gpt-5-mini", messages: [] });
    return { content: [{ type: "text" as const, text: textOf(answer) }], warnings: [] };
  }
  const four = async () => ({ ...(await ask()), ...COUNTED });
  const two = async () => ({ ...(await ask()), ...COUNTED_BY_2 });
  return {
    four: new MockLanguageModelV4({ modelId: "m", doGenerate: four }),
    three: new MockLanguageModelV3({ modelId: "m", doGenerate: four }),
    two: new MockLanguageModelV2({ modelId: "m", doGenerate: two }),
    embedding: new MockEmbeddingModelV4({
      modelId: "m",
      maxEmbeddingsPerCall: 1,
      async doEmbed({ values }) {
        const asked = { model: "text-embedding-3-small", input: values };
        const { data } = await client.embeddings.create(asked);
        const embeddings = data.map(({ embedding }) => embedding);
        return { embeddings, usage: { tokens: 20 }, warnings: [] };
      },
    }),
  };
}

const COUNTED = {
  finishReason: { unified: "stop" as const, raw: "stop" },
  usage: {
    inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 9, text: 9, reasoning: 0 },
  },
};
const COUNTED_BY_2 = {
  finishReason: "stop" as const,
  usage: { inputTokens: 20, outputTokens: 9, totalTokens: 29 },
};

function textOf({ choices }: OpenAI.ChatCompletion): string {
  return choices[0]?.message.content ?? "";
}

type Models = ReturnType<typeof modelsOn>;
type Row = readonly [
  name: string,
  server: { readonly reply: Reply; readonly tokens: number },
  call: (models: Models, rivulet: Rivulet) => Promise<unknown>,
];

const integrated = (rivulet: Rivulet) => ({ integrations: [rivuletTelemetry(rivulet)] });
const prompt = "p";
const schema = z.object({ a: z.number() });

it.each<Row>([
  [
    "generateText of version 7",
    { reply: ANSWER, tokens: 29 },
    ({ four: model }, rivulet) =>
      ai7.generateText({ model, prompt, telemetry: integrated(rivulet) }),
  ],
  [
    "generateObject of version 7",
    { reply: ANSWER, tokens: 29 },
    ({ four: model }, rivulet) =>
      ai7.generateObject({ model, prompt, schema, telemetry: integrated(rivulet) }),
  ],
  [
    "embed of version 7",
    { reply: VECTORS, tokens: 20 },
    ({ embedding: model }, rivulet) =>
      ai7.embed({ model, value: "v", telemetry: integrated(rivulet) }),
  ],
  [
    "embedMany of version 7",
    { reply: VECTORS, tokens: 40 },
    ({ embedding: model }, rivulet) =>
      ai7.embedMany({ model, values: ["v", "w"], telemetry: integrated(rivulet) }),
  ],
  [
    "a model with the middleware",
    { reply: ANSWER, tokens: 29 },
    ({ four }, rivulet) => {
      const model = ai7.wrapLanguageModel({ model: four, middleware: rivuletMiddleware(rivulet) });
      return ai7.generateText({ model, prompt, telemetry: { isEnabled: false } });
    },
  ],
  [
    "version 6 with its integration",
    { reply: ANSWER, tokens: 29 },
    ({ three: model }, rivulet) =>
      ai6.generateText({ model, prompt, experimental_telemetry: integrated(rivulet) }),
  ],
  [
    "traceAiSdk of version 6",
    { reply: ANSWER, tokens: 29 },
    ({ three: model }, rivulet) => traceAiSdk(ai6, rivulet).generateText({ model, prompt }),
  ],
  [
    "traceAiSdk of version 5",
    { reply: ANSWER, tokens: 29 },
    ({ two: model }, rivulet) => traceAiSdk(ai5, rivulet).generateText({ model, prompt }),
  ],
])("tokens are counted once where %s calls a traced client", async (_, { reply, tokens }, call) => {
  const { url } = await serve(reply);
  const recorder = openRecorder();
  const { rivulet } = recorder;
  const client = new OpenAI({ apiKey: "key", baseURL: url, maxRetries: 0 });

  await call(modelsOn(traceOpenAI(client, rivulet)), rivulet);

  const spans = await recorder.spans();
  const counted = spans.map((span) => span.usage?.totalTokens ?? 0);
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(tokens);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(recorder.errors).toEqual([]);
});
