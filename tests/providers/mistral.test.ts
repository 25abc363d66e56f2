import { Mistral } from "@mistralai/mistralai";
import { traceMistral } from "@rivulet/providers/mistral";
import { expect, it } from "vitest";
import { collect, events, openRecorder, type Reply, serve } from "./support.ts";

const USAGE = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const THINKING = { type: "thinking", thinking: [{ type: "text", text: "Look out." }] };

const ANSWER = {
  id: "cmpl-1",
  object: "chat.completion",
  created: 1_798_761_600,
  model: "mistral-large-2512",
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      message: { role: "assistant", content: [THINKING, { type: "text", text: "It rains." }] },
    },
  ],
  usage: USAGE,
};

const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  id: "cmpl-1",
  object: "chat.completion.chunk",
  created: 1_798_761_600,
  model: "mistral-large-2512",
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});

const CHUNKS = [
  chunk({ role: "assistant", content: "" }),
  chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "Look " }] }] }),
  chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "out." }] }] }),
  chunk({ content: "It " }),
  chunk({ content: "rains." }, "stop", { usage: USAGE }),
];
const DONE = ["data: [DONE]\n\n"];

const ASK = {
  model: "mistral-large-latest",
  messages: [{ role: "user" as const, content: "How is the weather?" }],
};

const RECORDED = {
  name: "chat mistral-large-latest",
  type: "chat_model",
  status: "ok",
  model: "mistral-large-2512",
  provider: "mistral",
  input: { messages: [{ role: "user", content: "How is the weather?" }] },
  output: {
    messages: [
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Look out." },
          { type: "text", text: "It rains." },
        ],
      },
    ],
  },
  usage: { inputTokens: 12, outputTokens: 5, totalTokens: 17 },
  attributes: { finishReason: "stop", responseId: "cmpl-1" },
};

async function open(...replies: readonly Reply[]) {
  const provider = await serve(...replies);
  const recorder = openRecorder();
  const client = traceMistral(
    new Mistral({ apiKey: "key", serverURL: provider.url }),
    recorder.rivulet,
  );
  return { client, provider, recorder };
}

it("records a chat", async () => {
  const { client, recorder } = await open({ json: ANSWER });
  const answer = await client.chat.complete({ ...ASK, temperature: 0.5, maxTokens: 100 });
  expect(answer.id).toBe("cmpl-1");
  expect(await recorder.span()).toMatchObject({
    ...RECORDED,
    attributes: { ...RECORDED.attributes, temperature: 0.5, maxOutputTokens: 100 },
  });
  expect(recorder.errors).toEqual([]);
});

it("reads images, documents, calls of tools and their results", async () => {
  const call = { id: "call00001", function: { name: "look", arguments: '{"city":"Rome"}' } };
  const { client, recorder } = await open({
    json: {
      ...ANSWER,
      choices: [
        {
          index: 0,
          finish_reason: "tool_calls",
          message: { role: "assistant", content: "", tool_calls: [call] },
        },
      ],
    },
  });
  await client.chat.complete({
    model: "mistral-large-latest",
    messages: [
      {
        role: "user",
        content: [
          { type: "image_url", imageUrl: "https://images.example/1.png" },
          {
            type: "document_url",
            documentUrl: "https://documents.example/1.pdf",
            documentName: "report",
          },
        ],
      },
      { role: "assistant", content: "", toolCalls: [call] },
      { role: "tool", content: "Rain", name: "look", toolCallId: "call00001" },
    ],
  });
  const made = { type: "tool_call", id: "call00001", name: "look", arguments: { city: "Rome" } };
  const span = await recorder.span();
  expect(span.input).toMatchObject({
    messages: [
      {
        content: [
          { type: "media", kind: "image", url: "https://images.example/1.png" },
          {
            type: "media",
            kind: "document",
            url: "https://documents.example/1.pdf",
            name: "report",
          },
        ],
      },
      { content: [made] },
      { content: [{ type: "tool_result", id: "call00001", name: "look", content: "Rain" }] },
    ],
  });
  expect(span.output).toMatchObject({ messages: [{ content: [made] }] });
});

it("records a stream, whose class and chunks stay", async () => {
  const { client, recorder } = await open({ chunks: events(CHUNKS, DONE) });
  const stream = await client.chat.stream(ASK);
  expect(stream.constructor.name).toBe("EventStream");
  expect(stream).toBeInstanceOf(ReadableStream);
  const got = await collect(stream);
  expect(got.map(({ data }) => data.choices[0]?.delta.content)).toEqual([
    "",
    [{ type: "thinking", thinking: [{ type: "text", text: "Look " }] }],
    [{ type: "thinking", thinking: [{ type: "text", text: "out." }] }],
    "It ",
    "rains.",
  ]);
  const span = await recorder.span();
  expect(span).toMatchObject(RECORDED);
  expect(span.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
});

it("ends a stream that is left as cancelled, with what has come", async () => {
  const { client, provider, recorder } = await open({
    chunks: events(CHUNKS.slice(0, 4)),
    isOpen: true,
  });
  for await (const { data } of await client.chat.stream(ASK))
    if (data.choices[0]?.delta.content === "It ") break;
  await provider.cutOff;
  expect(await recorder.span()).toMatchObject({
    status: "cancelled",
    output: { messages: [{ content: [{ text: "Look out." }, { type: "text", text: "It " }] }] },
  });
});

it("records an error of the provider", async () => {
  const { client, recorder } = await open({ status: 401, json: { message: "Unauthorized" } });
  await expect(client.chat.complete(ASK)).rejects.toThrow("401");
  expect(await recorder.span()).toMatchObject({
    status: "error",
    attributes: { httpStatus: 401 },
  });
});

it("records embeddings, texts filled in, agents, moderation and batches", async () => {
  const { client, recorder } = await open(
    {
      json: {
        id: "emb-1",
        object: "list",
        model: "mistral-embed",
        data: [{ object: "embedding", index: 0, embedding: [0.25] }],
        usage: { prompt_tokens: 3, completion_tokens: 0, total_tokens: 3 },
      },
    },
    { json: ANSWER },
    { json: ANSWER },
    { json: { id: "mod-1", model: "mistral-moderation-2411", results: [] } },
  );
  await client.embeddings.create({ model: "mistral-embed", inputs: ["weather"] });
  await client.fim.complete({ model: "codestral-latest", prompt: "let a" });
  await client.agents.complete({ agentId: "ag_1", messages: ASK.messages });
  await client.classifiers.moderate({ model: "mistral-moderation-latest", inputs: ["weather"] });
  expect(await recorder.spans()).toMatchObject([
    {
      name: "embed mistral-embed",
      type: "embedding",
      input: ["weather"],
      output: { embeddings: 1 },
      usage: { inputTokens: 3 },
    },
    { name: "fill in the middle codestral-latest", type: "llm" },
    { name: "chat ag_1", type: "chat_model", model: "mistral-large-2512" },
    { name: "moderate mistral-moderation-latest", type: "guardrail" },
  ]);
});
