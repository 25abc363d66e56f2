import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { generateText, type LanguageModel, streamText } from "ai";
import { describe, expect, it } from "vitest";
import { openClient } from "./support/client.ts";
import { type Mood, startProvider } from "./support/provider-server.ts";
import { installForTest } from "./support/sdk-globals.ts";

interface Provider {
  readonly name: string;
  readonly finish?: string;
  /** What its package leaves out of the end of a stream. */
  readonly missing?: readonly string[];
  model(baseURL: string): Exclude<LanguageModel, string>;
}

const apiKey = "k";
const PROVIDERS: readonly Provider[] = [
  {
    name: "OpenAI's chat completions",
    missing: ["systemFingerprint", "serviceTier"],
    model: (baseURL) => createOpenAI({ baseURL, apiKey }).chat("asked-model"),
  },
  {
    name: "OpenAI's responses",
    model: (baseURL) => createOpenAI({ baseURL, apiKey }).responses("asked-model"),
  },
  {
    name: "Anthropic",
    finish: "end_turn",
    model: (baseURL) => createAnthropic({ baseURL, apiKey })("asked-model"),
  },
  {
    name: "Google",
    finish: "STOP",
    model: (baseURL) => createGoogle({ baseURL, apiKey })("asked-model"),
  },
  {
    name: "a compatible server",
    missing: ["systemFingerprint", "serviceTier"],
    model: (baseURL) => createOpenAICompatible({ name: "local", baseURL, apiKey })("asked-model"),
  },
];

const quiet = { onError: () => undefined };

describe.each(PROVIDERS)("an answer of $name", ({ name, finish, missing = [], model }) => {
  async function ask(kind: "generate" | "stream", mood: Mood, options: object = {}) {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    const given = { model: model(await startProvider(mood)), prompt: "p", maxRetries: 0 };
    if (kind === "generate") await generateText({ ...given, ...options }).catch(() => undefined);
    else await streamText({ ...given, ...quiet, ...options }).consumeStream(quiet);
    return client.span("chat asked-model");
  }

  const FACTS = {
    finishReason: "stop",
    responseId: "answer-1",
    requestId: "req_1",
    serviceTier: "flex",
    ...(finish === undefined ? {} : { rawFinishReason: finish }),
  };
  const hasFingerprint = missing.includes("systemFingerprint");

  it("keeps what is said of it", async () => {
    const span = await ask("generate", "well");

    expect(span).toMatchObject({
      status: "ok",
      model: "served-model",
      attributes: { ...FACTS, ...(hasFingerprint ? { systemFingerprint: "fp_1" } : {}) },
      output: { messages: [{ role: "assistant" }] },
      usage: { inputTokens: 10, outputTokens: 5 },
    });
  });

  it("keeps what is said of it when it is streamed", async () => {
    const span = await ask("stream", "well");

    const facts = Object.entries(FACTS).filter(([fact]) => !missing.includes(fact));
    expect(span.status).toBe("ok");
    expect(span.attributes).toMatchObject(Object.fromEntries(facts));
  });

  it.each(["generate", "stream"] as const)(
    "keeps status and request of a refusal: %s",
    async (kind) => {
      expect(await ask(kind, "busy")).toMatchObject({
        status: "error",
        statusMessage: name === "Google" ? "Too Many Requests" : "slow down",
        attributes: { httpStatus: 429, requestId: "req_1" },
      });
    },
  );

  it("keeps status and request of a refusal where its message must not be kept", async () => {
    const span = await ask("generate", "busy", { telemetry: { recordInputs: false } });

    expect(span).toMatchObject({
      statusMessage: "The message is not recorded.",
      attributes: { httpStatus: 429, requestId: "req_1" },
    });
  });

  // Google tells of no failure in a stream.
  const broken = name === "Google" ? [] : [model];
  it.each(broken)("keeps what came before it broke, and why it broke", async () => {
    const span = await ask("stream", "breaking");

    expect(span).toMatchObject({
      status: "error",
      statusMessage: "server broke",
      attributes: { requestId: "req_1", responseId: "answer-1" },
      output: { messages: [{ role: "assistant" }] },
    });
    expect(JSON.stringify(span.output)).toContain("Hi");
  });

  it("keeps the options of its provider", async () => {
    const providerOptions = { openai: { reasoningEffort: "low" }, rivulet: { sessionId: "s" } };
    const span = await ask("generate", "well", { providerOptions });

    expect(span.attributes?.["providerOptions"]).toEqual({ openai: { reasoningEffort: "low" } });
  });
});

describe("a stream of OpenAI's chat completions", () => {
  it.each([
    ["gpt-5", "flex"],
    // The SDK knows of no other tier for it, and leaves the option out.
    ["gpt-4o", "default"],
  ])("of %s was served in the tier that was asked for: %s", async (name, serviceTier) => {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    const model = createOpenAI({ baseURL: await startProvider("well"), apiKey }).chat(name);

    const providerOptions = { openai: { serviceTier: "flex" } };
    await streamText({ model, prompt: "p", providerOptions }).consumeStream();

    expect((await client.span(`chat ${name}`)).attributes).toMatchObject({ serviceTier });
  });

  it("keeps what the SDK leaves out where the app asks for raw chunks", async () => {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    const model = createOpenAI({ baseURL: await startProvider("well"), apiKey }).chat(
      "asked-model",
    );

    await streamText({ model, prompt: "p", include: { rawChunks: true } }).consumeStream();

    const { attributes } = await client.span("chat asked-model");
    expect(attributes).toMatchObject({ systemFingerprint: "fp_1", serviceTier: "flex" });
  });
});
