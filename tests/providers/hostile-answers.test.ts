import { traceAnthropic } from "@rivulet/providers/anthropic";
import { traceGoogleGenAI } from "@rivulet/providers/google-genai";
import { traceMistral } from "@rivulet/providers/mistral";
import { traceOllama } from "@rivulet/providers/ollama";
import { traceOpenAI } from "@rivulet/providers/openai";
import { describe, expect, it } from "vitest";
import { openRecorder, type Recorder } from "./support.ts";

/** A client like OpenAI's and Anthropic's, which gives each call this answer. */
function clientOf(answer: unknown) {
  const post = (..._request: readonly unknown[]) => Promise.resolve(answer);
  return { baseURL: "http://127.0.0.1", chat: {}, messages: {}, post };
}

async function* streamOf(chunks: readonly unknown[]): AsyncGenerator<unknown> {
  yield* chunks;
}

async function readAll(stream: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

it("reads parts of a response whose numbers a provider makes up", async () => {
  const recorder = openRecorder();
  const delta = (text: string, place: unknown) => ({
    type: "response.output_text.delta",
    output_index: 1e9,
    content_index: place,
    delta: text,
  });
  const chunks = [delta("a", 0), delta("b", -1), delta("c", 0.5), delta("d", 1e8), delta("e", 1e9)];
  const client = traceOpenAI(clientOf(streamOf(chunks)), recorder.rivulet);
  const stream = await client.post("/responses", { body: { model: "m" } });

  expect(await readAll(stream as AsyncIterable<unknown>)).toEqual(chunks);

  const { output } = await recorder.span();
  expect(output).toEqual({
    messages: [
      {
        role: "assistant",
        content: [
          { type: "text", text: "abc" },
          { type: "text", text: "de" },
        ],
      },
    ],
  });
  expect(recorder.errors).toEqual([]);
});

const TEN_THOUSAND_AND_ONE = Array.from({ length: 10_001 }, (_, number) => number);
interface LongList {
  readonly what: string;
  readonly kept: number;
  readonly head: readonly unknown[];
  readonly chunk: (number: number) => unknown;
  readonly ask: (stream: unknown, recorder: Recorder) => Promise<unknown>;
}

/** Of the 50,000 values that a span keeps of one output, calls of tools have five each: the last of them is one too many. */
const LONG_LISTS: readonly LongList[] = [
  {
    what: "citations of Anthropic",
    kept: 10_000,
    head: [
      { type: "message_start", message: {} },
      { type: "content_block_start", index: 0, content_block: { type: "text", citations: [] } },
    ],
    chunk: (number: number) => {
      const delta = { type: "citations_delta", citation: { number } };
      return { type: "content_block_delta", index: 0, delta };
    },
    ask: (stream: unknown, { rivulet }: Recorder) =>
      traceAnthropic(clientOf(stream), rivulet).post("/v1/messages", { body: {} }),
  },
  {
    what: "details of OpenAI-like servers",
    kept: 10_000,
    head: [],
    chunk: (number: number) => {
      const delta = { reasoning_details: [{ type: "reasoning.text", number }] };
      return { choices: [{ index: 0, delta }] };
    },
    ask: (stream: unknown, { rivulet }: Recorder) =>
      traceOpenAI(clientOf(stream), rivulet).post("/chat/completions", { body: {} }),
  },
  {
    what: "parts of Google",
    kept: 9_999,
    head: [],
    chunk: (number: number) => {
      const parts = [{ functionCall: { name: "f", args: { number } } }];
      return { candidates: [{ index: 0, content: { parts } }] };
    },
    ask: (stream: unknown, { rivulet }: Recorder) => {
      const generateContentStream = (_request: unknown) => Promise.resolve(stream);
      const models = { generateContent() {}, generateContentStream };
      return traceGoogleGenAI({ models }, rivulet).models.generateContentStream({});
    },
  },
  {
    what: "calls of tools of Ollama",
    kept: 9_999,
    head: [],
    chunk: (number: number) => {
      const call = { function: { name: "f", arguments: { number } } };
      return { message: { role: "assistant", content: "", tool_calls: [call] } };
    },
    ask: (stream: unknown, { rivulet }: Recorder) => {
      const chat = (_request: unknown) => Promise.resolve(stream);
      return traceOllama({ chat, generate() {} }, rivulet).chat({});
    },
  },
];

it.each(LONG_LISTS)(
  "keeps $kept $what that a stream brings one by one, and leaves its chunks as they are",
  async ({ head, chunk, ask, kept }) => {
    const recorder = openRecorder();
    const chunks: readonly unknown[] = [
      ...head,
      ...TEN_THOUSAND_AND_ONE.map((number) => chunk(number)),
    ];
    const before = structuredClone(chunks);

    await readAll((await ask(streamOf(chunks), recorder)) as AsyncIterable<unknown>);

    expect(chunks).toEqual(before);
    const { output } = await recorder.span();
    const numbers = JSON.stringify(output).match(/(?<="number":)\d+/g);
    expect(numbers?.map(Number)).toEqual(TEN_THOUSAND_AND_ONE.slice(0, kept));
  },
);

/** Whoever looks into it has an error thrown at them. */
function unreadable(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Methods of clients that call what is given to them. */
const CALLS: Readonly<
  Record<string, (answer: () => unknown, recorder: Recorder) => (request: unknown) => unknown>
> = {
  "OpenAI's client": (post, { rivulet }) => {
    const client = traceOpenAI({ ...clientOf(undefined), post }, rivulet) as PostClient;
    return (body) => client.post("/chat/completions", { body });
  },
  "OpenAI's runTools": (runTools, { rivulet }) => {
    const client = { ...clientOf(undefined), chat: { completions: { runTools } } };
    return (traceOpenAI(client, rivulet) as RunToolsClient).chat.completions.runTools;
  },
  "Anthropic's client": (post, { rivulet }) => {
    const client = traceAnthropic({ ...clientOf(undefined), post }, rivulet) as PostClient;
    return (body) => client.post("/v1/messages", { body });
  },
  "Google's client": (generateContent, { rivulet }) =>
    (traceGoogleGenAI({ models: { generateContent } }, rivulet) as GoogleClient).models
      .generateContent,
  "a call of Google's client with functions": (generateContent, { rivulet }) => {
    const client = traceGoogleGenAI({ models: { generateContent } }, rivulet) as GoogleClient;
    const config = { tools: [{ tool() {}, callTool() {} }] };
    return (contents) => client.models.generateContent({ contents, config });
  },
  "Mistral's client": (complete, { rivulet }) =>
    (traceMistral({ chat: { complete } }, rivulet) as MistralClient).chat.complete,
  "Ollama's client": (chat, { rivulet }) =>
    (traceOllama({ chat, generate() {} }, rivulet) as { chat: (request: unknown) => unknown }).chat,
};

interface PostClient {
  readonly post: (path: string, options: unknown) => unknown;
}
interface RunToolsClient {
  readonly chat: { readonly completions: { readonly runTools: (body: unknown) => unknown } };
}
interface GoogleClient {
  readonly models: { readonly generateContent: (request: unknown) => unknown };
}
interface MistralClient {
  readonly chat: { readonly complete: (request: unknown) => unknown };
}

describe.each(Object.entries(CALLS))("%s", (_, callOf) => {
  it("calls as ever with a request that cannot be looked at", async () => {
    const recorder = openRecorder();

    expect(callOf(() => "answer", recorder)(unreadable())).toBe("answer");

    expect((await recorder.rivulet.flush()).openSpans).toBe(0);
  });

  it("gives the app an answer that cannot be looked at", async () => {
    const recorder = openRecorder();
    const answer = unreadable();

    const given = callOf(() => answer, recorder)({ model: "m" });

    // An assertion would look into it.
    expect(Object.is(given, answer)).toBe(true);
    expect((await recorder.rivulet.flush()).openSpans).toBe(0);
  });

  it("ends its span where a frozen stream cannot be followed", async () => {
    const recorder = openRecorder();
    const next = () => Promise.resolve({ done: true, value: undefined });
    const stream = Object.freeze({ next, [Symbol.asyncIterator]: () => stream });

    expect(callOf(() => stream, recorder)({ model: "m" })).toBe(stream);

    expect((await recorder.rivulet.flush()).openSpans).toBe(0);
  });

  it("throws what its call throws at once", async () => {
    const recorder = openRecorder();
    const broken = (): never => {
      throw new Error("broken");
    };

    expect(() => callOf(broken, recorder)({ model: "m" })).toThrow("broken");

    expect((await recorder.rivulet.flush()).openSpans).toBe(0);
  });
});
