import { hash } from "node:crypto";
import { rivuletTelemetry, traceAiSdk, traceMediaModel } from "@rivulet/ai-sdk";
import type { Rivulet } from "@rivulet/core";
import * as ai7 from "ai";
import * as mocks7 from "ai/test";
import * as ai5 from "ai5";
import * as mocks5 from "ai5/test";
import * as ai6 from "ai6";
import * as mocks6 from "ai6/test";
import { describe, expect, it } from "vitest";
import { openClient } from "./support/client.ts";
import { installForTest } from "./support/sdk-globals.ts";

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const PNG = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(2_000, 1)]);
const WAV = Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVEfmt "), Buffer.alloc(2_000, 2)]);
const SHA = { png: hash("sha256", PNG), wav: hash("sha256", WAV) };
const response = {
  timestamp: new Date(0),
  modelId: "served",
  headers: { "x-request-id": "req_1" },
};
const warnings: [] = [];
const painted = {
  images: [PNG.toString("base64")],
  warnings,
  response,
  usage: { inputTokens: 7, outputTokens: 20, totalTokens: 27 },
};
const spoken = { audio: new Uint8Array(WAV), warnings, response };
const heard = {
  text: "Hello",
  segments: [],
  language: "en",
  durationInSeconds: 1,
  warnings,
  response,
};
const filmed = {
  videos: [{ type: "url" as const, url: "https://files.test/v.mp4", mediaType: "video/mp4" }],
  warnings,
  response,
};

type Model = { doGenerate: unknown };
type Given = { doGenerate: () => Promise<unknown>; modelId: string };
type Call = (options: object) => Promise<unknown>;

interface Lab {
  readonly version: string;
  readonly image: Call;
  readonly speech: Call;
  readonly transcribe: Call;
  readonly mock: (kind: "Image" | "Speech" | "Transcription", given: Given) => Model;
}

const mockOf =
  (mocks: object, version: string): Lab["mock"] =>
  (kind, given) =>
    new (Reflect.get(mocks, `Mock${kind}Model${version}`) as new (given: object) => Model)(given);

function lab(version: string, ai: object, mock: Lab["mock"]): Lab {
  const find = (...names: string[]): Call =>
    names.map((name) => Reflect.get(ai, name) as Call | undefined).find(Boolean) as Call;
  return {
    version,
    mock,
    image: find("generateImage", "experimental_generateImage"),
    speech: find("generateSpeech", "experimental_generateSpeech"),
    transcribe: find("transcribe", "experimental_transcribe"),
  };
}

const wrapped = [
  lab("7", ai7, mockOf(mocks7, "V4")),
  lab("6", ai6, mockOf(mocks6, "V3")),
  lab("5", ai5, mockOf(mocks5, "V2")),
].map((made) => ({ ...made, way: "traceMediaModel", by: () => made, trace: traceMediaModel }));
const asItIs = <M extends object>(model: M): M => model;
const injected = [
  { version: "6", ai: ai6, mock: mockOf(mocks6, "V3") },
  { version: "5", ai: ai5, mock: mockOf(mocks5, "V2") },
].map(({ version, ai, mock }) => ({
  version,
  way: "traceAiSdk",
  by: (rivulet: Rivulet) => lab(version, traceAiSdk<object>(ai, rivulet), mock),
  trace: asItIs,
}));

describe.each([...wrapped, ...injected])("media of ai $version with $way", ({ by, trace }) => {
  function open() {
    const client = openClient();
    const sdk = by(client.rivulet);
    const model = (kind: "Image" | "Speech" | "Transcription", give: () => unknown): Model =>
      trace(sdk.mock(kind, { modelId: "m", doGenerate: async () => give() }), client.rivulet);
    return { client, sdk, model };
  }

  it("keeps an image that was made, with its prompt, model and tokens", async () => {
    const { client, sdk, model } = open();
    await sdk.image({ model: model("Image", () => painted), prompt: "A cat", size: "1x1" });

    expect(await client.span("image m")).toMatchObject({
      type: "llm",
      status: "ok",
      model: "served",
      provider: "mock-provider",
      input: { messages: [{ role: "user", content: "A cat" }] },
      output: {
        messages: [
          { content: [{ type: "media", kind: "image", mediaType: "image/png", hash: SHA.png }] },
        ],
      },
      attributes: { n: 1, size: "1x1", requestId: "req_1" },
      usage: { inputTokens: 7, outputTokens: 20, totalTokens: 27 },
    });
    expect(client.errors).toEqual([]);
  });

  it("keeps speech", async () => {
    const { client, sdk, model } = open();
    await sdk.speech({ model: model("Speech", () => spoken), text: "Hello", voice: "alto" });

    expect(await client.span("speak m")).toMatchObject({
      type: "llm",
      input: { text: "Hello", voice: "alto" },
      output: { messages: [{ content: [{ type: "media", kind: "audio", hash: SHA.wav }] }] },
    });
  });

  it("keeps a recording and what was heard", async () => {
    const { client, sdk, model } = open();
    await sdk.transcribe({ model: model("Transcription", () => heard), audio: WAV });

    expect(await client.span("transcribe m")).toMatchObject({
      type: "llm",
      input: { messages: [{ content: [{ type: "media", kind: "audio", hash: SHA.wav }] }] },
      output: "Hello",
    });
  });

  it("has each attempt that failed, and nests under the span around it", async () => {
    const { client, sdk, model } = open();
    const failing = model("Image", () => {
      throw new Error("no paint");
    });
    const call = () => sdk.image({ model: failing, prompt: "A cat", maxRetries: 0 });
    await expect(client.rivulet.withSpan("work", call)).rejects.toThrow("no paint");

    expect(await client.trees()).toBe(
      "unknown work: error (no paint)\n  llm image m: error (no paint)",
    );
  });

  it("keeps none of it when the call says so", async () => {
    const { client, sdk, model } = open();
    const providerOptions = { rivulet: { recordInputs: false, recordOutputs: false } };
    const paint = model("Image", () => painted);
    await sdk.image({ model: paint, prompt: "A cat", providerOptions });

    const { input, output } = await client.span("image m");
    expect([input, output]).toEqual([undefined, undefined]);
  });
});

describe("media of ai 7 that telemetry records too", () => {
  it("adds the recordings to what telemetry records of speech and transcription", async () => {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    const [sdk] = wrapped;
    const speech = sdk?.mock("Speech", { modelId: "m", doGenerate: async () => spoken });
    const ear = sdk?.mock("Transcription", { modelId: "m", doGenerate: async () => heard });
    await sdk?.speech({ model: traceMediaModel(speech ?? {}, client.rivulet), text: "Hello" });
    await sdk?.transcribe({ model: traceMediaModel(ear ?? {}, client.rivulet), audio: WAV });

    expect(await client.trees()).toBe("llm generateSpeech: ok\nllm transcribe: ok");
    expect(JSON.stringify((await client.span("generateSpeech")).output)).toContain(SHA.wav);
    expect(JSON.stringify((await client.span("transcribe")).input)).toContain(SHA.wav);
  });

  it("records videos", async () => {
    const client = openClient();
    const model = new mocks7.MockVideoModelV4({ modelId: "m", doGenerate: async () => filmed });
    const download = async () => ({ data: new Uint8Array(1), mediaType: "video/mp4" });
    await ai7.experimental_generateVideo({
      model: traceMediaModel(model, client.rivulet) as never,
      prompt: "A cat",
      download,
    });

    expect((await client.span("video m")).output).toEqual({
      messages: [
        {
          role: "assistant",
          content: [
            {
              type: "media",
              kind: "video",
              mediaType: "video/mp4",
              url: "https://files.test/v.mp4",
            },
          ],
        },
      ],
    });
  });

  it.each([new mocks7.MockLanguageModelV4(), {}])("reports what is no such model", (model) => {
    const client = openClient();

    expect(traceMediaModel(model, client.rivulet)).toBe(model);
    expect(client.errors.map(({ message }) => message)).toEqual([
      "traceMediaModel takes a model of images, speech, transcription or video, such as openai.image(…). This is none, so its calls are not recorded.",
    ]);
  });
});
