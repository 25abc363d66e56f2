import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { generateSpeech, type TranscriptionModel, transcribe } from "ai";
import { MockSpeechModelV4, MockTranscriptionModelV4 } from "ai/test";
import { describe, expect, it } from "vitest";
import { openClient } from "./support/client.ts";
import { installForTest } from "./support/sdk-globals.ts";

const response = { timestamp: new Date(0), modelId: "served-model", headers: {} };
const voice = new MockSpeechModelV4({
  modelId: "voice",
  doGenerate: async () => ({ audio: new Uint8Array(7), warnings: [], response }),
});
const ear = new MockTranscriptionModelV4({
  modelId: "ear",
  doGenerate: async () => ({
    text: "Hello",
    segments: [],
    language: "en",
    durationInSeconds: 1,
    warnings: [],
    response,
  }),
});
const failing = new MockSpeechModelV4({
  modelId: "voice",
  doGenerate: async () => {
    throw new Error("hoarse");
  },
});

function listen() {
  const client = openClient();
  installForTest(rivuletTelemetry(client.rivulet));
  return client;
}

describe("speech", () => {
  it("is a call of a model that says something", async () => {
    const client = listen();
    await generateSpeech({ model: voice, text: "Hello", voice: "alto" });

    expect(await client.span("generateSpeech")).toMatchObject({
      type: "llm",
      status: "ok",
      model: "served-model",
      provider: "mock-provider",
      input: { text: "Hello", voice: "alto" },
      output: { messages: [{ content: [{ type: "media", kind: "audio", size: 7 }] }] },
    });
  });

  it("is a call of a model that has heard something", async () => {
    const client = listen();
    await transcribe({ model: ear as TranscriptionModel, audio: new Uint8Array(9) });

    expect(await client.span("transcribe")).toMatchObject({
      type: "llm",
      status: "ok",
      model: "served-model",
      input: { messages: [{ role: "user", content: [{ type: "media", kind: "audio", size: 9 }] }] },
      output: "Hello",
    });
  });

  it("ends with the error of its model", async () => {
    const client = listen();
    await expect(generateSpeech({ model: failing, text: "p", maxRetries: 0 })).rejects.toThrow();

    expect(await client.trees()).toBe("llm generateSpeech: error (hoarse)");
  });
});
