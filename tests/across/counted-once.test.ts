import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type UsageMetadata } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { createRivulet, openStore, type Rivulet, type RivuletOptions } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { traceOpenAI } from "@rivulet/providers/openai";
import { traceHandler } from "@rivulet/server";
import { generateText } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import OpenAI from "openai";
import { expect, it, onTestFinished, vi } from "vitest";
import { says } from "../ai-sdk/support/mock-content.ts";
import { serve } from "../providers/support.ts";

const ASK = { model: "gpt-5-mini", messages: [{ role: "user" as const, content: "Hi" }] };
const COMPLETION = {
  id: "c-1",
  object: "chat.completion",
  model: "gpt-5-mini",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello" } }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
};
const USAGE: UsageMetadata = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };

/** A chat model as apps write it around a client of their own. */
class OwnModel extends BaseChatModel {
  readonly model = "gpt-5-mini";
  readonly call: () => Promise<string>;

  constructor(call: () => Promise<string>) {
    super({});
    this.call = call;
  }

  _llmType(): string {
    return "own";
  }

  async _generate(): Promise<ChatResult> {
    const text = await this.call();
    const response_metadata = { model_name: this.model };
    const usage = { usage_metadata: USAGE };
    const message = Object.assign(new AIMessage({ content: text, response_metadata }), usage);
    return { generations: [{ text, message }] };
  }
}

function aClient(store: RivuletOptions["store"] = "memory:"): Rivulet {
  const rivulet = createRivulet({ store });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

async function openAI(rivulet: Rivulet, options: object = {}): Promise<OpenAI> {
  const { url } = await serve({ json: COMPLETION });
  return traceOpenAI(new OpenAI({ apiKey: "key", baseURL: url, ...options }), rivulet);
}

async function ask(client: OpenAI): Promise<string> {
  const { choices } = await client.chat.completions.create(ASK);
  return choices[0]?.message.content ?? "";
}

/** Name and type of the spans with a model, and the sums of their trace. */
async function onlyTrace(rivulet: Rivulet): Promise<object> {
  await rivulet.flush();
  const { items } = await rivulet.traces.search();
  expect(items).toHaveLength(1);
  const [trace] = items;
  const spans = await rivulet.traces.listSpans(trace?.id ?? "");
  const models = spans.filter(({ type }) => type === "chat_model").map(({ name }) => name);
  return { models: models.toSorted(), tokens: trace?.usage.totalTokens, cost: trace?.cost };
}

/** The span of a request ends behind the answer. */
const WAIT = { timeout: 20_000 };
/** What 10 tokens in and 5 out cost. */
const COST = 0.0000125;

it("the AI SDK in a chat model of LangChain: one call", async () => {
  const rivulet = aClient();
  const inner = new MockLanguageModelV4({
    modelId: "gpt-5-mini",
    doGenerate: async () => says("Hello"),
  });
  const model = new OwnModel(async () => {
    const telemetry = { integrations: [rivuletTelemetry(rivulet)] };
    return (await generateText({ model: inner, prompt: "Hi", telemetry })).text;
  });
  await model.invoke("Hi", { callbacks: [new RivuletCallbackHandler(rivulet)] });
  const models = ["OwnModel", "chat gpt-5-mini"];
  expect(await onlyTrace(rivulet)).toEqual({ models, tokens: 15, cost: expect.any(Number) });
});

it("a traced client of OpenAI in a chat model of LangChain: one call", async () => {
  const rivulet = aClient();
  const client = await openAI(rivulet);
  const model = new OwnModel(() => ask(client));
  await model.invoke("Hi", { callbacks: [new RivuletCallbackHandler(rivulet)] });
  // The client records nothing within a model's span.
  expect(await onlyTrace(rivulet)).toEqual({ models: ["OwnModel"], tokens: 15, cost: COST });
});

it("a gateway that records the call of its caller: one call", async () => {
  const store = await openStore("memory:");
  onTestFinished(() => store.close());
  const [near, far] = [aClient(store), aClient(store)];
  const inner = await openAI(far);
  const gateway = traceHandler(far, async (_request: Request) => {
    await ask(inner);
    return Response.json(COMPLETION);
  });
  const options = {
    fetch: near.tracedFetch((...request: ConstructorParameters<typeof Request>) =>
      gateway(new Request(...request)),
    ),
  };
  await ask(await openAI(near, options));
  const once = { models: ["chat gpt-5-mini", "chat gpt-5-mini"], tokens: 15, cost: COST };
  await vi.waitFor(async () => expect(await onlyTrace(near)).toEqual(once), WAIT);
});

it("the model of a judge is no part of what it judges", async () => {
  const rivulet = aClient();
  const judge = await openAI(rivulet);
  const client = await openAI(rivulet);
  const correct = Object.assign(async () => (await ask(judge)) === "Hello", {
    scoreName: "correct",
  });
  const data = [{ inputs: "Hi" }];
  const task = (): Promise<string> => ask(client);
  await rivulet.evaluate({ data, task, scorers: [correct] });
  const models = ["chat gpt-5-mini", "chat gpt-5-mini"];
  expect(await onlyTrace(rivulet)).toEqual({ models, tokens: 15, cost: COST });
  const [trace] = (await rivulet.traces.search()).items;
  expect(trace).toMatchObject({ judgeTokens: 15, judgeCost: COST });
  const [all] = await rivulet.traces.aggregate({ groupBy: ["model"] });
  expect([all?.count, all?.usage.totalTokens]).toEqual([2, 15]);
});
