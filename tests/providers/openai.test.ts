import { traceOpenAI } from "@rivulet/providers/openai";
import OpenAI7 from "openai";
import OpenAI5 from "openai5";
import OpenAI6 from "openai6";
import { describe, expect, it } from "vitest";
import { collect, events, openRecorder, type Recorder, type Reply, serve } from "./support.ts";

const COMPLETION = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_798_761_600,
  model: "gpt-5-mini-2025-08-07",
  system_fingerprint: "fp_1",
  service_tier: "flex",
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      logprobs: null,
      message: { role: "assistant", content: "It rains.", refusal: null },
    },
  ],
  usage: {
    prompt_tokens: 20,
    completion_tokens: 9,
    total_tokens: 29,
    prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 5 },
  },
};

const chunk = (delta: object, more: object = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_798_761_600,
  model: "gpt-5-mini-2025-08-07",
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});

const CHUNKS = [
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "It " }),
  chunk({ content: "rains." }),
  chunk({}, { finish_reason: "stop" }),
  {
    ...chunk({}),
    choices: [],
    usage: { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23 },
  },
];
const DONE = ["data: [DONE]\n\n"];
const STREAM: Reply = { chunks: events(CHUNKS, DONE) };

const ASK = {
  model: "gpt-5-mini",
  messages: [{ role: "user" as const, content: "How is the weather?" }],
};

/** The versions have types of their own for the same methods. */
type Client = InstanceType<typeof OpenAI7>;

describe.each([
  ["5", OpenAI5],
  ["6", OpenAI6],
  ["7", OpenAI7],
] as const)("openai %s", (_, Class) => {
  async function open(...replies: readonly Reply[]) {
    const provider = await serve(...replies);
    const recorder = openRecorder();
    const made = new Class({ apiKey: "key", baseURL: provider.url, maxRetries: 0 });
    const client = traceOpenAI(made as unknown as Client, recorder.rivulet);
    return { client, provider, recorder };
  }

  it("records a chat completion", async () => {
    const { client, recorder } = await open({
      json: COMPLETION,
      headers: { "x-request-id": "req_1" },
    });
    const answer = await client.chat.completions.create({
      ...ASK,
      temperature: 0.5,
      max_completion_tokens: 100,
      tools: [{ type: "function", function: { name: "look", parameters: {} } }],
    });
    expect(answer.choices[0]?.message.content).toBe("It rains.");
    expect(await recorder.span()).toMatchObject({
      name: "chat gpt-5-mini",
      type: "chat_model",
      status: "ok",
      model: "gpt-5-mini-2025-08-07",
      provider: "openai",
      input: {
        messages: [{ role: "user", content: "How is the weather?" }],
        tools: [{ type: "function", function: { name: "look", parameters: {} } }],
      },
      output: { messages: [{ role: "assistant", content: "It rains." }] },
      usage: {
        inputTokens: 20,
        outputTokens: 9,
        totalTokens: 29,
        cacheReadTokens: 4,
        reasoningTokens: 5,
      },
      attributes: {
        temperature: 0.5,
        maxOutputTokens: 100,
        finishReason: "stop",
        responseId: "chatcmpl-1",
        systemFingerprint: "fp_1",
        serviceTier: "flex",
        requestId: "req_1",
        httpStatus: 200,
      },
    });
    expect(recorder.errors).toEqual([]);
  });

  it("costs nothing where a gateway's cache has answered", async () => {
    const { client, recorder } = await open({
      json: COMPLETION,
      headers: { "x-portkey-cache-status": "HIT" },
    });
    await client.chat.completions.create(ASK);
    const { cost, attributes } = await recorder.span();
    expect([cost, attributes["cached"]]).toEqual([0, true]);
  });

  it("keeps the promise that a call gives", async () => {
    const { client, recorder } = await open({
      json: COMPLETION,
      headers: { "x-request-id": "req_1" },
    });
    const promise = client.chat.completions.create(ASK);
    expect(promise.constructor.name).toBe("APIPromise");
    const { data, response, request_id } = await promise.withResponse();
    expect([data.id, response.status, request_id]).toEqual(["chatcmpl-1", 200, "req_1"]);
    expect(await recorder.span()).toMatchObject({
      status: "ok",
      output: { messages: [{ role: "assistant", content: "It rains." }] },
    });
  });

  it("leaves a response that is asked for as such to the app", async () => {
    const { client, recorder } = await open({ json: COMPLETION });
    const response = await client.chat.completions.create(ASK).asResponse();
    expect(await response.json()).toMatchObject({ id: "chatcmpl-1" });
    const span = await recorder.span();
    expect(span).toMatchObject({ status: "ok", attributes: { httpStatus: 200 } });
    expect(span.output).toBeUndefined();
  });

  it("records a stream, and hands it on as it is", async () => {
    const { client, recorder } = await open(STREAM);
    const stream = await client.chat.completions.create({ ...ASK, stream: true });
    expect(stream.constructor.name).toBe("Stream");
    expect(await collect(stream)).toEqual(CHUNKS);
    const span = await recorder.span();
    expect(span).toMatchObject({
      status: "ok",
      model: "gpt-5-mini-2025-08-07",
      output: { messages: [{ role: "assistant", content: "It rains." }] },
      usage: { inputTokens: 20, outputTokens: 3, totalTokens: 23 },
      attributes: { finishReason: "stop", responseId: "chatcmpl-1" },
    });
    expect(span.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
  });

  it("records a stream that is split, or sent on as bytes", async () => {
    const { client, recorder } = await open(STREAM);
    const split = await client.chat.completions.create({ ...ASK, stream: true });
    const [left, right] = split.tee();
    expect(await Promise.all([collect(left), collect(right)])).toEqual([CHUNKS, CHUNKS]);
    const sent = await client.chat.completions.create({ ...ASK, stream: true });
    const lines = (await new Response(sent.toReadableStream()).text()).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(CHUNKS);
    expect(await recorder.spans()).toMatchObject([
      { status: "ok", output: { messages: [{ content: "It rains." }] } },
      { status: "ok", output: { messages: [{ content: "It rains." }] } },
    ]);
  });

  it("joins the calls of tools that a stream brings in pieces", async () => {
    const call = (index: number, given: object) => chunk({ tool_calls: [{ index, ...given }] });
    const { client, recorder } = await open({
      chunks: events(
        [
          call(0, { id: "call_1", type: "function", function: { name: "look", arguments: "" } }),
          call(0, { id: "call_1", function: { name: "look", arguments: '{"city":' } }),
          call(1, { id: "call_2", type: "function", function: { name: "wait", arguments: "{}" } }),
          call(0, { function: { arguments: '"Rome"}' } }),
          chunk({}, { finish_reason: "tool_calls" }),
        ],
        DONE,
      ),
    });
    await collect(await client.chat.completions.create({ ...ASK, stream: true }));
    expect((await recorder.span()).output).toEqual({
      messages: [
        {
          role: "assistant",
          content: [
            { type: "tool_call", id: "call_1", name: "look", arguments: { city: "Rome" } },
            { type: "tool_call", id: "call_2", name: "wait", arguments: {} },
          ],
        },
      ],
    });
  });

  it("ends a stream that is left as cancelled, with what has come", async () => {
    const { client, provider, recorder } = await open({
      chunks: events(CHUNKS.slice(0, 2)),
      isOpen: true,
    });
    for await (const part of await client.chat.completions.create({ ...ASK, stream: true }))
      if (part.choices[0]?.delta.content !== "") break;
    await provider.cutOff;
    expect(await recorder.span()).toMatchObject({
      status: "cancelled",
      statusMessage: "The consumer stopped reading.",
      output: { messages: [{ role: "assistant", content: "It " }] },
    });
  });

  it.each(["its controller", "a signal"])("ends a stream that is stopped by %s", async (by) => {
    const { client, recorder } = await open({ chunks: events(CHUNKS.slice(0, 2)), isOpen: true });
    const controller = new AbortController();
    const options = by === "a signal" ? { signal: controller.signal } : {};
    const stream = await client.chat.completions.create({ ...ASK, stream: true }, options);
    const stopper = by === "a signal" ? controller : stream.controller;
    await collect(stopAfterText(stream, stopper)).catch(() => undefined);
    const span = await recorder.span();
    expect(span).toMatchObject({
      status: "cancelled",
      output: { messages: [{ role: "assistant", content: "It " }] },
    });
    expect(span.attributes).not.toHaveProperty("finishReason");
  });

  it("ends a stream that breaks with its error and what has come", async () => {
    const { client, recorder } = await open({ chunks: events(CHUNKS.slice(0, 3)), isBroken: true });
    const stream = await client.chat.completions.create({ ...ASK, stream: true });
    const error: unknown = await collect(stream).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(await recorder.span()).toMatchObject({
      status: "error",
      statusMessage: (error as Error).message,
      output: { messages: [{ role: "assistant", content: "It rains." }] },
    });
  });

  it("records an error of the provider, and throws it on as it is", async () => {
    const { client, recorder } = await open({
      status: 429,
      headers: { "x-request-id": "req_9" },
      json: { error: { message: "Too many.", type: "requests", code: "rate_limit" } },
    });
    const error: unknown = await client.chat.completions
      .create(ASK)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Class.RateLimitError);
    expect(await recorder.span()).toMatchObject({
      status: "error",
      statusMessage: "429 Too many.",
      attributes: { httpStatus: 429, requestId: "req_9" },
    });
  });

  it("records a call that the app stops as cancelled", async () => {
    const { client, recorder } = await open({ isOpen: true });
    const controller = new AbortController();
    controller.abort();
    const call = client.chat.completions.create(ASK, { signal: controller.signal });
    await expect(call).rejects.toThrow("aborted");
    expect(await recorder.span()).toMatchObject({ status: "cancelled" });
  });

  it("records what the helpers of the client call, once", async () => {
    const { client, recorder } = await open({ json: COMPLETION }, STREAM);
    const parsed = await client.chat.completions.parse(ASK);
    expect(parsed.choices[0]?.message.parsed).toBeNull();
    const runner = client.chat.completions.stream(ASK);
    expect(await runner.finalContent()).toBe("It rains.");
    expect(await recorder.tree()).toBe(
      "chat_model chat gpt-5-mini: ok\nchat_model chat gpt-5-mini: ok",
    );
    expect((await recorder.spans()).map(({ output }) => output)).toEqual([
      { messages: [{ role: "assistant", content: "It rains." }] },
      { messages: [{ role: "assistant", content: "It rains." }] },
    ]);
  });

  it("records the loop of runTools with its model calls and tools", async () => {
    const asked = {
      ...COMPLETION,
      choices: [
        {
          index: 0,
          finish_reason: "tool_calls",
          message: {
            role: "assistant",
            content: null,
            tool_calls: [
              {
                id: "call_1",
                type: "function",
                function: { name: "look", arguments: '{"city":"Rome"}' },
              },
            ],
          },
        },
      ],
    };
    const { client, provider, recorder } = await open({ json: asked }, { json: COMPLETION });
    function look({ city }: { city: string }): string {
      return `Rain in ${city}`;
    }
    const runner = client.chat.completions.runTools({
      ...ASK,
      messages: [...ASK.messages],
      tools: [
        {
          type: "function",
          function: {
            function: look,
            parse: JSON.parse,
            description: "Looks outside.",
            parameters: { type: "object", properties: { city: { type: "string" } } },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe("It rains.");
    expect(provider.asked[1]?.body["messages"]).toMatchObject([
      {},
      {},
      { role: "tool", content: "Rain in Rome" },
    ]);
    expect(await recorder.tree()).toBe(
      [
        "agent run tools: ok",
        "  chat_model chat gpt-5-mini: ok",
        "  tool look: ok",
        "  chat_model chat gpt-5-mini: ok",
      ].join("\n"),
    );
    const [agent, , tool] = await recorder.spans();
    expect(agent?.output).toEqual({ messages: [{ role: "assistant", content: "It rains." }] });
    expect(tool).toMatchObject({ input: { city: "Rome" }, output: "Rain in Rome" });
  });

  it("ends the loop of runTools with its error, which stays unhandled where the app does not handle it", async () => {
    const { client, recorder } = await open({
      status: 500,
      json: { error: { message: "Broken." } },
    });
    const runner = client.chat.completions.runTools({
      ...ASK,
      messages: [...ASK.messages],
      tools: [
        {
          type: "function",
          function: { name: "look", function: () => "", description: "", parameters: {} },
        },
      ],
    });
    await expect(runner.done()).rejects.toThrow("500 Broken.");
    expect(await recorder.tree()).toBe(
      "agent run tools: error\n  chat_model chat gpt-5-mini: error",
    );
    expect((await recorder.spans())[0]?.statusMessage).toBe("500 Broken.");
  });

  it("records a response", async () => {
    const { client, recorder } = await open({ json: RESPONSE });
    const response = await client.responses.create({
      model: "gpt-5",
      instructions: "Be brief.",
      input: "How is the weather?",
      prompt: { id: "pmpt_1", variables: { city: "Rome" } },
      metadata: { team: "a" },
      user: "u1",
    });
    expect(response.output_text).toBe("It rains.");
    const span = await recorder.span();
    expect(span).toMatchObject(RECORDED_RESPONSE);
    expect(span.attributes).toMatchObject({
      prompt: { id: "pmpt_1", variables: { city: "Rome" } },
      metadata: { team: "a" },
      user: "u1",
    });
  });

  it("records a streamed response", async () => {
    const { client, recorder } = await open({ chunks: events(RESPONSE_EVENTS) });
    const stream = await client.responses.create({
      model: "gpt-5",
      instructions: "Be brief.",
      input: "How is the weather?",
      stream: true,
    });
    expect(await collect(stream)).toEqual(RESPONSE_EVENTS);
    expect(await recorder.span()).toMatchObject(RECORDED_RESPONSE);
  });

  it("keeps what has come of a streamed response that is left", async () => {
    const { client, recorder } = await open({
      chunks: events(RESPONSE_EVENTS.slice(0, -1)),
      isOpen: true,
    });
    const stream = await client.responses.create({ model: "gpt-5", input: "Hi", stream: true });
    for await (const event of stream) if (event.type === "response.output_text.delta") break;
    expect(await recorder.span()).toMatchObject({
      status: "cancelled",
      output: { messages: [{ role: "assistant", content: "It " }] },
    });
  });

  it("records a response that has failed as an error", async () => {
    const failed = {
      ...RESPONSE,
      status: "failed",
      output: [],
      error: { code: "server_error", message: "Overloaded." },
    };
    const { client, recorder } = await open({ json: failed });
    await client.responses.create({ model: "gpt-5", input: "Hi" });
    expect(await recorder.span()).toMatchObject({
      status: "error",
      statusMessage: "Overloaded.",
      attributes: { finishReason: "failed" },
    });
  });

  it("records embeddings without their vectors", async () => {
    const { client, recorder } = await open({
      json: {
        object: "list",
        model: "text-embedding-3-small",
        data: [{ object: "embedding", index: 0, embedding: [0.25, 0.5] }],
        usage: { prompt_tokens: 3, total_tokens: 3 },
      },
    });
    const { data } = await client.embeddings.create({
      model: "text-embedding-3-small",
      input: "weather",
      encoding_format: "float",
    });
    expect(data[0]?.embedding).toEqual([0.25, 0.5]);
    expect(await recorder.span()).toMatchObject({
      name: "embed text-embedding-3-small",
      type: "embedding",
      input: "weather",
      output: { embeddings: 1 },
      usage: { inputTokens: 3, totalTokens: 3 },
    });
  });

  it("records images, speech, transcripts, moderation and batches", async () => {
    const { client, recorder } = await open(
      { json: { created: 1, data: [{ url: "https://images.example/1.png" }] } },
      { chunks: ["speech"], headers: { "content-type": "audio/mpeg" } },
      { json: { text: "It rains." } },
      { json: { id: "modr-1", model: "omni-moderation-latest", results: [{ flagged: false }] } },
      { json: { id: "batch_1", object: "batch", status: "validating" } },
    );
    await client.images.generate({ model: "gpt-image-1", prompt: "Rain" });
    const speech = await client.audio.speech.create({
      model: "tts-1",
      voice: "alloy",
      input: "It rains.",
    });
    expect(await speech.text()).toBe("speech");
    await client.audio.transcriptions.create({
      model: "whisper-1",
      file: new File(["bytes"], "rain.mp3", { type: "audio/mpeg" }),
    });
    await client.moderations.create({ input: "It rains." });
    await client.batches.create({
      input_file_id: "file-1",
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    expect(await recorder.tree()).toBe(
      [
        "llm image gpt-image-1: ok",
        "llm speak tts-1: ok",
        "llm transcribe whisper-1: ok",
        "guardrail moderate: ok",
        "task create batch: ok",
      ].join("\n"),
    );
    const [image, , transcript, moderation, batch] = await recorder.spans();
    expect(image?.output).toEqual([
      { type: "media", kind: "image", url: "https://images.example/1.png" },
    ]);
    expect(transcript).toMatchObject({
      input: { file: { name: "rain.mp3", mediaType: "audio/mpeg", size: 5 } },
      output: "It rains.",
    });
    expect(moderation?.output).toEqual([{ flagged: false }]);
    expect(batch).toMatchObject({
      input: { input_file_id: "file-1" },
      output: { id: "batch_1", status: "validating" },
    });
  });

  it("traces the copies of a client, and no client twice", async () => {
    const { client, recorder } = await open({ json: COMPLETION });
    expect(traceOpenAI(client, recorder.rivulet)).toBe(client);
    expect(client).toBeInstanceOf(Class);
    const copy = client.withOptions({ timeout: 10_000 });
    expect(copy).toBeInstanceOf(Class);
    expect(copy.timeout).toBe(10_000);
    await copy.chat.completions.create(ASK);
    await client.chat.completions.create(ASK);
    expect(await recorder.spans()).toHaveLength(2);
  });

  it("hangs a call under the active span, and records none within a model's", async () => {
    const { client, recorder } = await open({ json: COMPLETION });
    await recorder.rivulet.withSpan("answer", () => client.chat.completions.create(ASK));
    await recorder.rivulet.withSpan("own model", () => client.chat.completions.create(ASK), {
      type: "chat_model",
    });
    expect(await recorder.tree()).toBe(
      "unknown answer: ok\n  chat_model chat gpt-5-mini: ok\nchat_model own model: ok",
    );
  });

  it("counts what DeepSeek reads from its cache", async () => {
    const usage = { ...COMPLETION.usage, prompt_tokens_details: undefined };
    const { client, recorder } = await open({
      json: { ...COMPLETION, usage: { ...usage, prompt_cache_hit_tokens: 16 } },
    });
    await client.chat.completions.create(ASK);
    expect((await recorder.span()).usage).toMatchObject({ inputTokens: 20, cacheReadTokens: 16 });
  });

  it("names the provider behind a server like OpenAI's, and takes the cost that it says", async () => {
    const { client, recorder } = await open({
      json: { ...COMPLETION, provider: "DeepInfra", usage: { ...COMPLETION.usage, cost: 0.0125 } },
    });
    client.baseURL = "https://openrouter.ai/api/v1";
    const { url } = await serve({
      json: { ...COMPLETION, provider: "DeepInfra", usage: { ...COMPLETION.usage, cost: 0.0125 } },
    });
    await client
      .withOptions({ fetch: (_url: unknown, init: RequestInit) => fetch(url, init) } as never)
      .chat.completions.create(ASK);
    expect(await recorder.span()).toMatchObject({
      provider: "openrouter",
      cost: 0.0125,
      attributes: { upstreamProvider: "DeepInfra" },
    });
  });
});

async function* stopAfterText(
  stream: AsyncIterable<{ readonly choices: readonly { readonly delta: { content?: unknown } }[] }>,
  controller: AbortController,
) {
  for await (const part of stream) {
    yield part;
    if (part.choices[0]?.delta.content === "It ") controller.abort();
  }
}

const RESPONSE = {
  id: "resp_1",
  object: "response",
  created_at: 1_798_761_600,
  status: "completed",
  model: "gpt-5-2025-08-07",
  service_tier: "default",
  error: null,
  incomplete_details: null,
  output: [
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Look out." }] },
    { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search" } },
    { type: "web_search_call", id: "ws_2", status: "completed", action: { type: "open_page" } },
    { type: "file_search_call", id: "fs_1", status: "completed", queries: ["rain"] },
    {
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "It rains.", annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 11,
    output_tokens: 8,
    total_tokens: 19,
    input_tokens_details: { cached_tokens: 2 },
    output_tokens_details: { reasoning_tokens: 5 },
  },
};

const RESPONSE_EVENTS = [
  {
    type: "response.created",
    sequence_number: 0,
    response: { ...RESPONSE, status: "in_progress", output: [] },
  },
  {
    type: "response.output_item.added",
    sequence_number: 1,
    output_index: 0,
    item: { type: "message", id: "msg_1", role: "assistant", content: [] },
  },
  {
    type: "response.output_text.delta",
    sequence_number: 2,
    output_index: 0,
    content_index: 0,
    item_id: "msg_1",
    delta: "It ",
  },
  { type: "response.completed", sequence_number: 3, response: RESPONSE },
];

const RECORDED_RESPONSE = {
  name: "chat gpt-5",
  type: "chat_model",
  status: "ok",
  model: "gpt-5-2025-08-07",
  input: {
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "How is the weather?" },
    ],
  },
  usage: {
    inputTokens: 11,
    outputTokens: 8,
    totalTokens: 19,
    cacheReadTokens: 2,
    reasoningTokens: 5,
  },
  attributes: {
    finishReason: "completed",
    responseId: "resp_1",
    serviceTier: "default",
    webSearches: 1,
    fileSearches: 1,
  },
};

/** Types: the client stays what it is. */
export function keepsTypes(client: Client, { rivulet }: Recorder): Client {
  return traceOpenAI(client, rivulet);
}
