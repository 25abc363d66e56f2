import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import { traceAnthropic } from "@rivulet/providers/anthropic";
import { traceGoogleGenAI } from "@rivulet/providers/google-genai";
import { traceMistral } from "@rivulet/providers/mistral";
import { traceOllama } from "@rivulet/providers/ollama";
import { traceOpenAI } from "@rivulet/providers/openai";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { openRecorder, serve } from "./support.ts";

const COMPLETION = {
  model: "m",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hi" } }],
};
const CLIENTS = [
  { by: "traceOpenAI", trace: traceOpenAI, example: "new OpenAI()", make: openAI },
  {
    by: "traceAnthropic",
    trace: traceAnthropic,
    example: "new Anthropic()",
    make: () => new Anthropic({ apiKey: "key" }),
  },
  {
    by: "traceGoogleGenAI",
    trace: traceGoogleGenAI,
    example: "new GoogleGenAI({})",
    make: () => new GoogleGenAI({ apiKey: "key" }),
  },
  { by: "traceOllama", trace: traceOllama, example: "new Ollama()", make: () => new Ollama() },
  {
    by: "traceMistral",
    trace: traceMistral,
    example: "new Mistral()",
    make: () => new Mistral({ apiKey: "key" }),
  },
] as const;

function openAI(baseURL = "http://127.0.0.1:1") {
  return new OpenAI({ apiKey: "key", baseURL, maxRetries: 0 });
}

function withoutTypes(trace: (client: never, rivulet: never) => unknown) {
  return trace as (client: unknown, rivulet?: unknown) => unknown;
}

describe.each(CLIENTS)("$by", ({ by, trace, example, make }) => {
  it.each([
    ["null", null],
    ["undefined", undefined],
    ["string", "sk-key"],
  ])("refuses %s, and says what it takes", (name, client) => {
    expect(() => withoutTypes(trace)(client)).toThrow(
      expect.objectContaining({
        code: "invalid_argument",
        message: `${by} takes a client such as ${example}; it got ${name}.`,
      }),
    );
  });

  it.each([{}, "memory:", true])("refuses %j in the place of a client of Rivulet", (rivulet) => {
    expect(() => withoutTypes(trace)(make(), rivulet)).toThrow(
      expect.objectContaining({
        code: "invalid_argument",
        message: `The second argument of ${by} is the client that createRivulet() returns.`,
      }),
    );
  });

  const others = CLIENTS.filter((other) => other.by !== by);
  it.each<readonly [what: string, client: unknown]>([
    ["an empty object", {}],
    ["a promise", Promise.resolve()],
    ["a class", OpenAI],
    ...others.map((other) => [`what ${other.by} takes`, other.make()] as const),
  ])("reports %s, and leaves it as it is", (_, client) => {
    const { errors, rivulet } = openRecorder();

    expect(withoutTypes(trace)(client, rivulet)).toBe(client);

    expect(errors.map(({ message }) => message)).toEqual([
      `${by} takes a client such as ${example}. This is none, so its calls are not recorded.`,
    ]);
  });
});

describe("a frozen client", () => {
  it.each([
    ["traceOpenAI", traceOpenAI, openAI()],
    ["traceAnthropic", traceAnthropic, new Anthropic({ apiKey: "key" })],
    ["traceOllama", traceOllama, new Ollama()],
  ] as const)("is reported by %s, for it stays untraced", (by, trace, client) => {
    const { errors, rivulet } = openRecorder();
    Object.freeze(client);

    expect(withoutTypes(trace)(client, rivulet)).toBe(client);

    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(`^${by} takes .* This one cannot be changed \\(is it frozen\\?\\)`),
    ]);
  });

  it("is traced where its calls are made by objects that are not", () => {
    const { errors, rivulet } = openRecorder();
    const client = Object.freeze(new GoogleGenAI({ apiKey: "key" }));
    const before = Reflect.get(client.models, "generateContentInternal") as unknown;

    traceGoogleGenAI(client, rivulet);
    const traced = Reflect.get(client.models, "generateContentInternal") as unknown;
    traceGoogleGenAI(client, rivulet);

    expect(traced).not.toBe(before);
    expect(Reflect.get(client.models, "generateContentInternal")).toBe(traced);
    expect(errors).toEqual([]);
  });

  it("that was traced before stays traced", async () => {
    const { url } = await serve({ json: COMPLETION });
    const recorder = openRecorder();
    const client = Object.freeze(traceOpenAI(openAI(url), recorder.rivulet));

    traceOpenAI(client, recorder.rivulet);
    await client.chat.completions.create({ model: "m", messages: [] });

    expect(await recorder.tree()).toBe("chat_model chat m: ok");
    expect(recorder.errors).toEqual([]);
  });
});
