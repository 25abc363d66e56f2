import { traceOllama } from "@rivulet/providers/ollama";
import { Ollama } from "ollama";
import { expect, it } from "vitest";
import { collect, openRecorder, type Reply, serve } from "./support.ts";

const message = (fields: object) => ({ role: "assistant", content: "", ...fields });
const part = (fields: object) => ({
  model: "qwen3",
  created_at: "2026-11-29T00:00:00Z",
  ...fields,
});
const END = {
  done: true,
  done_reason: "stop",
  total_duration: 9,
  prompt_eval_count: 12,
  eval_count: 5,
};
const ANSWER = part({ message: message({ content: "It rains.", thinking: "Look out." }), ...END });
const CHUNKS = [
  part({ message: message({ thinking: "Look " }), done: false }),
  part({ message: message({ thinking: "out." }), done: false }),
  part({ message: message({ content: "It " }), done: false }),
  part({ message: message({ content: "rains." }), done: false }),
  part({ message: message({}), ...END }),
];
const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`);

const RECORDED = {
  name: "chat qwen3",
  type: "chat_model",
  status: "ok",
  model: "qwen3",
  provider: "ollama",
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
  attributes: { finishReason: "stop" },
};

const ASK = { model: "qwen3", messages: [{ role: "user", content: "How is the weather?" }] };

async function open(...replies: readonly Reply[]) {
  const provider = await serve(...replies);
  const recorder = openRecorder();
  const client = traceOllama(new Ollama({ host: provider.url }), recorder.rivulet);
  return { client, provider, recorder };
}

it("records a chat with images and tools", async () => {
  const { client, recorder } = await open({ json: ANSWER });
  const answer = await client.chat({
    model: "qwen3",
    messages: [
      { role: "user", content: "Look.", images: ["aW1hZ2U="] },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ function: { name: "look", arguments: { city: "Rome" } } }],
      },
      { role: "tool", content: "Rain", tool_name: "look" },
    ],
    options: { temperature: 0.5, num_predict: 100 },
  });
  expect(answer.message.content).toBe("It rains.");
  expect(await recorder.span()).toMatchObject({
    ...RECORDED,
    input: {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Look." },
            { type: "media", kind: "image", data: "aW1hZ2U=" },
          ],
        },
        {
          role: "assistant",
          content: [{ type: "tool_call", name: "look", arguments: { city: "Rome" } }],
        },
        { role: "tool", content: [{ type: "tool_result", name: "look", content: "Rain" }] },
      ],
    },
    attributes: { temperature: 0.5, maxOutputTokens: 100, finishReason: "stop" },
  });
  expect(recorder.errors).toEqual([]);
});

it("records a stream, and hands it on as it is", async () => {
  const { client, recorder } = await open({ chunks: lines(CHUNKS) });
  const stream = await client.chat({ ...ASK, stream: true });
  expect(stream.constructor.name).toBe("AbortableAsyncIterator");
  expect(await collect(stream)).toEqual(CHUNKS);
  const span = await recorder.span();
  expect(span).toMatchObject(RECORDED);
  expect(span.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
});

it.each(["break", "abort"])("ends a stream on %s as cancelled, with what has come", async (by) => {
  const { client, recorder } = await open({ chunks: lines(CHUNKS.slice(0, 3)), isOpen: true });
  const stream = await client.chat({ ...ASK, stream: true });
  try {
    for await (const { message: said } of stream) {
      if (said.content !== "It ") continue;
      if (by === "break") break;
      stream.abort();
    }
  } catch (error) {
    expect(error).toMatchObject({ name: "AbortError" });
  }
  expect(await recorder.span()).toMatchObject({
    status: "cancelled",
    output: { messages: [{ content: [{ text: "Look out." }, { type: "text", text: "It " }] }] },
  });
});

it("records an error that comes in a stream, and one in its place", async () => {
  const { client, recorder } = await open(
    { chunks: lines([CHUNKS[0], { error: "Out of memory." }]) },
    { status: 404, json: { error: "model 'qwen3' not found" } },
  );
  await expect(collect(await client.chat({ ...ASK, stream: true }))).rejects.toThrow(
    "Out of memory.",
  );
  await expect(client.chat(ASK)).rejects.toThrow("not found");
  expect(await recorder.spans()).toMatchObject([
    { status: "error", statusMessage: "Out of memory." },
    { status: "error", attributes: { httpStatus: 404 } },
  ]);
});

it("records generated texts and embeddings", async () => {
  const { client, recorder } = await open(
    { json: part({ response: "It rains.", ...END }) },
    { chunks: lines([part({ response: "It " }), part({ response: "rains.", ...END })]) },
    { json: { model: "all-minilm", embeddings: [[0.25], [0.5]], prompt_eval_count: 4 } },
  );
  await client.generate({ model: "qwen3", prompt: "Weather?" });
  await collect(await client.generate({ model: "qwen3", prompt: "Weather?", stream: true }));
  await client.embed({ model: "all-minilm", input: ["sun", "rain"] });
  expect(await recorder.spans()).toMatchObject([
    { name: "generate qwen3", type: "llm", input: "Weather?", output: "It rains." },
    { name: "generate qwen3", output: "It rains.", usage: { inputTokens: 12, outputTokens: 5 } },
    {
      name: "embed all-minilm",
      type: "embedding",
      input: ["sun", "rain"],
      output: { embeddings: 2 },
      usage: { inputTokens: 4 },
    },
  ]);
});
