import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { traceAnthropic } from "@rivulet/providers/anthropic";
import { expect, it } from "vitest";
import {
  collect,
  type NamedEvent,
  namedEvents,
  openRecorder,
  type Reply,
  serve,
} from "./support.ts";

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5-5-20250929",
  content: [
    { type: "thinking", thinking: "Look out.", signature: "sig" },
    { type: "text", text: "It rains." },
  ],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: {
    input_tokens: 10,
    output_tokens: 7,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 20,
    cache_creation: { ephemeral_5m_input_tokens: 15, ephemeral_1h_input_tokens: 5 },
    service_tier: "standard",
    server_tool_use: { web_search_requests: 3 },
  },
};

const delta = (index: number, value: object) => ({
  type: "content_block_delta",
  index,
  delta: value,
});

const EVENTS: readonly NamedEvent[] = [
  {
    type: "message_start",
    message: {
      ...MESSAGE,
      content: [],
      stop_reason: null,
      usage: { ...MESSAGE.usage, output_tokens: 1 },
    },
  },
  {
    type: "content_block_start",
    index: 0,
    content_block: { type: "thinking", thinking: "", signature: "" },
  },
  delta(0, { type: "thinking_delta", thinking: "Look out." }),
  delta(0, { type: "signature_delta", signature: "sig" }),
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  delta(1, { type: "text_delta", text: "It " }),
  delta(1, { type: "text_delta", text: "rains." }),
  { type: "content_block_stop", index: 1 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 7 },
  },
  { type: "message_stop" },
];

const CALL = {
  ...MESSAGE,
  content: [{ type: "tool_use", id: "toolu_1", name: "look", input: { city: "Rome" } }],
  stop_reason: "tool_use",
};

const ASK = {
  model: "claude-sonnet-5-5",
  max_tokens: 100,
  system: "Be brief.",
  messages: [{ role: "user" as const, content: "How is the weather?" }],
};

const RECORDED = {
  name: "chat claude-sonnet-5-5",
  type: "chat_model",
  status: "ok",
  model: "claude-sonnet-5-5-20250929",
  provider: "anthropic",
  input: {
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "How is the weather?" },
    ],
  },
  output: {
    messages: [
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Look out.", extra: { signature: "sig" } },
          { type: "text", text: "It rains." },
        ],
      },
    ],
  },
  usage: {
    inputTokens: 130,
    outputTokens: 7,
    totalTokens: 137,
    cacheReadTokens: 100,
    cacheWriteTokens: 20,
    cacheWrite1hTokens: 5,
  },
  attributes: {
    maxOutputTokens: 100,
    finishReason: "end_turn",
    responseId: "msg_1",
    serviceTier: "standard",
    webSearches: 3,
  },
};

async function open(...replies: readonly Reply[]) {
  const provider = await serve(...replies);
  const recorder = openRecorder();
  const client = traceAnthropic(
    new Anthropic({ apiKey: "key", baseURL: provider.url, maxRetries: 0 }),
    recorder.rivulet,
  );
  return { client, provider, recorder };
}

it("records a message", async () => {
  const { client, recorder } = await open({ json: MESSAGE, headers: { "request-id": "req_1" } });
  const promise = client.messages.create(ASK);
  const { data, request_id } = await promise.withResponse();
  expect([data.id, request_id]).toEqual(["msg_1", "req_1"]);
  expect(await recorder.span()).toMatchObject({
    ...RECORDED,
    attributes: { ...RECORDED.attributes, requestId: "req_1", httpStatus: 200 },
  });
  expect(recorder.errors).toEqual([]);
});

it("records a stream, and hands it on as it is", async () => {
  const { client, recorder } = await open({ chunks: namedEvents(EVENTS) });
  const stream = await client.messages.create({ ...ASK, stream: true });
  expect(stream.constructor.name).toBe("Stream");
  expect(await collect(stream)).toEqual(EVENTS);
  const span = await recorder.span();
  expect(span).toMatchObject(RECORDED);
  expect(span.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
});

it("keeps what a stream has counted where its last word counts nothing", async () => {
  const usage = { input_tokens: 0, output_tokens: 0 };
  const nothing = { type: "message_delta", delta: {}, usage };
  const { client, recorder } = await open({
    chunks: namedEvents(EVENTS.toSpliced(-1, 0, nothing)),
  });
  await collect(await client.messages.create({ ...ASK, stream: true }));
  expect(await recorder.span()).toMatchObject({ usage: RECORDED.usage });
});

it("records messages.stream() with its events and its final message", async () => {
  const { client, recorder } = await open({ chunks: namedEvents(EVENTS) });
  const stream = client.messages.stream(ASK);
  expect(stream.constructor.name).toBe("MessageStream");
  const texts: string[] = [];
  stream.on("text", (text) => texts.push(text));
  expect((await stream.finalMessage()).content).toMatchObject([{}, { text: "It rains." }]);
  expect(texts).toEqual(["It ", "rains."]);
  expect(await recorder.span()).toMatchObject(RECORDED);
});

it("ends messages.stream() that is aborted as cancelled, with what has come", async () => {
  const { client, recorder } = await open({
    chunks: namedEvents(EVENTS.slice(0, 7)),
    isOpen: true,
  });
  const stream = client.messages.stream(ASK);
  stream.on("text", () => stream.abort());
  await expect(stream.finalMessage()).rejects.toThrow("aborted");
  expect(await recorder.span()).toMatchObject({
    status: "cancelled",
    output: { messages: [{ content: [{ type: "reasoning" }, { type: "text", text: "It " }] }] },
    usage: { inputTokens: 130 },
  });
});

it("reads the arguments of a tool that a stream brings in pieces", async () => {
  const { client, recorder } = await open({
    chunks: namedEvents([
      EVENTS[0] as NamedEvent,
      {
        type: "content_block_start",
        index: 0,
        content_block: { type: "tool_use", id: "toolu_1", name: "look", input: {} },
      },
      delta(0, { type: "input_json_delta", partial_json: '{"city":' }),
      delta(0, { type: "input_json_delta", partial_json: '"Rome"}' }),
      { type: "content_block_stop", index: 0 },
      { type: "message_stop" },
    ]),
  });
  await collect(await client.messages.create({ ...ASK, stream: true }));
  expect((await recorder.span()).output).toEqual({
    messages: [
      {
        role: "assistant",
        content: [{ type: "tool_call", id: "toolu_1", name: "look", arguments: { city: "Rome" } }],
      },
    ],
  });
});

it("counts what it took to make the conversation shorter, and keeps what has become of it", async () => {
  const shortened = {
    type: "compaction",
    input_tokens: 180_000,
    output_tokens: 3_500,
    cache_read_input_tokens: 1_000,
    cache_creation_input_tokens: 0,
  };
  const message = { type: "message", input_tokens: 23, output_tokens: 5 };
  const edits = [{ type: "clear_tool_uses_20250919", cleared_tool_uses: 3 }];
  const { client, recorder } = await open({
    chunks: namedEvents([
      {
        type: "message_start",
        message: { ...MESSAGE, content: [], usage: { input_tokens: 23, output_tokens: 1 } },
      },
      {
        type: "content_block_start",
        index: 0,
        content_block: { type: "compaction", content: null },
      },
      {
        type: "content_block_delta",
        index: 0,
        delta: { type: "compaction_delta", content: "They spoke of rain." },
      },
      {
        type: "message_delta",
        delta: { stop_reason: "refusal", stop_details: { type: "refusal", category: "bio" } },
        context_management: { applied_edits: edits },
        usage: { input_tokens: 23, output_tokens: 5, iterations: [shortened, message] },
      },
      { type: "message_stop" },
    ]),
  });
  await collect(await client.messages.create({ ...ASK, stream: true }));
  expect(await recorder.span()).toMatchObject({
    output: {
      messages: [{ content: [{ value: { type: "compaction", content: "They spoke of rain." } }] }],
    },
    usage: {
      inputTokens: 181_023,
      outputTokens: 3_505,
      totalTokens: 184_528,
      cacheReadTokens: 1_000,
    },
    attributes: {
      finishReason: "refusal",
      stopDetails: { type: "refusal", category: "bio" },
      appliedEdits: edits,
    },
  });
});

it("records an error that comes in a stream", async () => {
  const { client, recorder } = await open({
    chunks: [
      ...namedEvents(EVENTS.slice(0, 7)),
      ...namedEvents([
        { type: "error", error: { type: "overloaded_error", message: "Overloaded." } },
      ]),
    ],
  });
  const stream = await client.messages.create({ ...ASK, stream: true });
  await expect(collect(stream)).rejects.toThrow("Overloaded.");
  expect(await recorder.span()).toMatchObject({
    status: "error",
    output: { messages: [{ content: [{ type: "reasoning" }, { type: "text", text: "It " }] }] },
  });
});

it.each([false, true])("records the loop of a tool runner, streaming: %s", async (stream) => {
  const called: Reply = stream
    ? {
        chunks: namedEvents([
          EVENTS[0] as NamedEvent,
          {
            type: "content_block_start",
            index: 0,
            content_block: { type: "tool_use", id: "toolu_1", name: "look", input: {} },
          },
          delta(0, { type: "input_json_delta", partial_json: '{"city":"Rome"}' }),
          { type: "content_block_stop", index: 0 },
          {
            type: "message_delta",
            delta: { stop_reason: "tool_use", stop_sequence: null },
            usage: { output_tokens: 7 },
          },
          { type: "message_stop" },
        ]),
      }
    : { json: CALL };
  const said: Reply = stream ? { chunks: namedEvents(EVENTS) } : { json: MESSAGE };
  const { client, provider, recorder } = await open(called, said);
  const look = betaTool({
    name: "look",
    description: "Looks outside.",
    inputSchema: { type: "object", properties: { city: { type: "string" } } },
    run: ({ city }) => `Rain in ${String(city)}`,
  });
  const runner = client.beta.messages.toolRunner({ ...ASK, tools: [look], stream });
  const last = await runner.runUntilDone();
  expect(last.content).toMatchObject([{}, { type: "text", text: "It rains." }]);
  const sent = provider.asked[1]?.body["messages"] as readonly unknown[];
  expect(sent.at(-1)).toMatchObject({
    content: [{ type: "tool_result", content: "Rain in Rome" }],
  });
  expect(await recorder.tree()).toBe(
    [
      "agent run tools: ok",
      "  chat_model chat claude-sonnet-5-5: ok",
      "  tool look: ok",
      "  chat_model chat claude-sonnet-5-5: ok",
    ].join("\n"),
  );
  const [agent, , tool] = await recorder.spans();
  expect(agent).toMatchObject({ input: { messages: RECORDED.input.messages } });
  expect(tool).toMatchObject({ input: { city: "Rome" }, output: "Rain in Rome" });
});

it("records that a batch was given", async () => {
  const { client, recorder } = await open({
    json: { id: "msgbatch_1", type: "message_batch", processing_status: "in_progress" },
  });
  await client.messages.batches.create({ requests: [{ custom_id: "1", params: ASK }] });
  expect(await recorder.span()).toMatchObject({
    name: "create batch",
    type: "task",
    input: { requests: [{ custom_id: "1" }] },
    attributes: { responseId: "msgbatch_1" },
  });
});

it("records an error of the provider, and traces copies of the client", async () => {
  const { client, recorder } = await open({
    status: 529,
    headers: { "request-id": "req_9" },
    json: { type: "error", error: { type: "overloaded_error", message: "Overloaded." } },
  });
  const copy = client.withOptions({ timeout: 1_000 });
  await expect(copy.messages.create(ASK)).rejects.toThrow("529");
  expect(await recorder.span()).toMatchObject({
    status: "error",
    attributes: { httpStatus: 529, requestId: "req_9" },
  });
});
