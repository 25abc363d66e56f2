import { type CallableTool, type FunctionCall, GoogleGenAI } from "@google/genai";
import { traceGoogleGenAI } from "@rivulet/providers/google-genai";
import { expect, it } from "vitest";
import { collect, events, openRecorder, type Reply, serve } from "./support.ts";

const USAGE = {
  promptTokenCount: 10,
  toolUsePromptTokenCount: 2,
  candidatesTokenCount: 3,
  thoughtsTokenCount: 5,
  cachedContentTokenCount: 4,
  totalTokenCount: 20,
};

const answer = (parts: readonly object[], more: object = {}) => ({
  candidates: [{ index: 0, content: { role: "model", parts }, ...more }],
  usageMetadata: USAGE,
  modelVersion: "gemini-2.5-flash-001",
  responseId: "resp_1",
});

const ANSWER = answer([{ text: "Look out.", thought: true }, { text: "It rains." }], {
  finishReason: "STOP",
});
const CHUNKS = [
  answer([{ text: "Look out.", thought: true }]),
  answer([{ text: "It " }]),
  answer([{ text: "rains." }], { finishReason: "STOP" }),
];
const CALL = answer([{ functionCall: { id: "1", name: "look", args: { city: "Rome" } } }], {
  finishReason: "STOP",
});

const ASK = {
  model: "gemini-2.5-flash",
  contents: "How is the weather?",
  config: { systemInstruction: "Be brief.", temperature: 0.5 },
};

const RECORDED = {
  name: "chat gemini-2.5-flash",
  type: "chat_model",
  status: "ok",
  model: "gemini-2.5-flash-001",
  provider: "google",
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
          { type: "reasoning", text: "Look out." },
          { type: "text", text: "It rains." },
        ],
      },
    ],
  },
  usage: {
    inputTokens: 12,
    outputTokens: 8,
    totalTokens: 20,
    cacheReadTokens: 4,
    reasoningTokens: 5,
  },
  attributes: { temperature: 0.5, finishReason: "STOP", responseId: "resp_1" },
};

async function open(...replies: readonly Reply[]) {
  const provider = await serve(...replies);
  const recorder = openRecorder();
  const client = traceGoogleGenAI(
    new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: provider.url } }),
    recorder.rivulet,
  );
  return { client, provider, recorder };
}

it("records generated content", async () => {
  const { client, recorder } = await open({ json: ANSWER });
  const response = await client.models.generateContent(ASK);
  expect(response.constructor.name).toBe("GenerateContentResponse");
  expect(response.text).toBe("It rains.");
  expect(await recorder.span()).toMatchObject(RECORDED);
  expect(recorder.errors).toEqual([]);
});

it("records a stream, and hands it on as it is", async () => {
  const { client, recorder } = await open({ chunks: events(CHUNKS) });
  const stream = await client.models.generateContentStream(ASK);
  const texts = (await collect(stream)).map(({ text }) => text);
  expect(texts.slice(1)).toEqual(["It ", "rains."]);
  const span = await recorder.span();
  expect(span).toMatchObject(RECORDED);
  expect(span.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
});

it("keeps what a stream has counted where its last chunk counts nothing", async () => {
  const nothing = { usageMetadata: { promptTokenCount: 0, totalTokenCount: 0 } };
  const { client, recorder } = await open({ chunks: events([...CHUNKS, nothing]) });
  await collect(await client.models.generateContentStream(ASK));
  expect(await recorder.span()).toMatchObject({ usage: RECORDED.usage });
});

it("records the turns of a chat", async () => {
  const { client, recorder } = await open({ json: ANSWER }, { chunks: events(CHUNKS) });
  const chat = client.chats.create({ model: "gemini-2.5-flash" });
  await chat.sendMessage({ message: "Hello" });
  await collect(await chat.sendMessageStream({ message: "And now?" }));
  const [first, second] = await recorder.spans();
  expect(first?.input).toEqual({ messages: [{ role: "user", content: "Hello" }] });
  expect(second?.input).toMatchObject({
    messages: [{ content: "Hello" }, { role: "assistant" }, { role: "user", content: "And now?" }],
  });
});

it("ends a stream that is left as cancelled, with what has come", async () => {
  const { client, recorder } = await open({ chunks: events(CHUNKS.slice(0, 2)), isOpen: true });
  for await (const { text } of await client.models.generateContentStream(ASK))
    if (text === "It ") break;
  expect(await recorder.span()).toMatchObject({
    status: "cancelled",
    output: {
      messages: [
        { role: "assistant", content: [{ type: "reasoning" }, { type: "text", text: "It " }] },
      ],
    },
  });
});

class Weather implements CallableTool {
  readonly #sky = "Rain";
  tool() {
    return Promise.resolve({ functionDeclarations: [{ name: "look" }] });
  }
  callTool([call]: FunctionCall[]) {
    const output = `${this.#sky} in ${String(call?.args?.["city"])}`;
    return Promise.resolve([{ functionResponse: { name: "look", response: { output } } }]);
  }
}

it("records the loop of functions that the client calls itself", async () => {
  const { client, recorder } = await open({ json: CALL }, { json: ANSWER });
  const response = await client.models.generateContent({
    ...ASK,
    config: { tools: [new Weather()] },
  });
  expect(response.text).toBe("It rains.");
  expect(await recorder.tree()).toBe(LOOP);
  const [agent, , tool] = await recorder.spans();
  expect(agent?.output).toEqual(RECORDED.output);
  expect(tool).toMatchObject({ input: { city: "Rome" } });
});

it("records that loop when it streams", async () => {
  const { client, recorder } = await open({ chunks: events([CALL]) }, { chunks: events(CHUNKS) });
  await collect(
    await client.models.generateContentStream({ ...ASK, config: { tools: [new Weather()] } }),
  );
  expect(await recorder.tree()).toBe(LOOP);
});

const LOOP = [
  "agent call functions: ok",
  "  chat_model chat gemini-2.5-flash: ok",
  "  tool look: ok",
  "  chat_model chat gemini-2.5-flash: ok",
].join("\n");

it("records which pages an answer has read", async () => {
  const urlContextMetadata = { urlMetadata: [{ retrievedUrl: "http://a" }] };
  const { client, recorder } = await open({
    json: answer([{ text: "Hi" }], { urlContextMetadata }),
  });
  await client.models.generateContent(ASK);
  expect((await recorder.span()).attributes).toMatchObject({ urlContextMetadata });
});

it("records a prompt that was blocked, and an error", async () => {
  const { client, recorder } = await open(
    { json: { promptFeedback: { blockReason: "SAFETY" }, usageMetadata: { promptTokenCount: 3 } } },
    { status: 400, json: { error: { code: 400, message: "Bad.", status: "INVALID_ARGUMENT" } } },
  );
  await client.models.generateContent(ASK);
  await expect(client.models.generateContent(ASK)).rejects.toThrow("Bad.");
  expect(await recorder.spans()).toMatchObject([
    { status: "ok", attributes: { finishReason: "SAFETY" }, usage: { inputTokens: 3 } },
    { status: "error", attributes: { httpStatus: 400 } },
  ]);
});

it("records embeddings without their vectors, and images of Vertex AI", async () => {
  const { client, recorder } = await open({ json: { embeddings: [{ values: [0.25] }] } });
  await client.models.embedContent({ model: "gemini-embedding-001", contents: "weather" });
  const { url } = await serve({
    json: { predictions: [{ bytesBase64Encoded: "aW1hZ2U=", mimeType: "image/png" }] },
  });
  const vertex = new GoogleGenAI({
    vertexai: true,
    apiKey: "key",
    httpOptions: { baseUrl: url },
  });
  traceGoogleGenAI(vertex, recorder.rivulet);
  await vertex.models.generateImages({ model: "imagen-4.0-generate-001", prompt: "Rain" });
  expect(await recorder.spans()).toMatchObject([
    {
      name: "embed gemini-embedding-001",
      type: "embedding",
      input: "weather",
      output: { embeddings: 1 },
    },
    {
      name: "image imagen-4.0-generate-001",
      type: "llm",
      provider: "vertex",
      input: { prompt: "Rain" },
      output: [{ type: "media", kind: "image", mediaType: "image/png", data: "aW1hZ2U=" }],
    },
  ]);
});

it("traces no client twice, and records nothing within a model's span", async () => {
  const { client, recorder } = await open({ json: ANSWER });
  expect(traceGoogleGenAI(client, recorder.rivulet)).toBe(client);
  await client.models.generateContent(ASK);
  await recorder.rivulet.withSpan("own model", () => client.models.generateContent(ASK), {
    type: "chat_model",
  });
  expect(await recorder.tree()).toBe(
    "chat_model chat gemini-2.5-flash: ok\nchat_model own model: ok",
  );
});

const INTERACTION = {
  id: "int_1",
  status: "completed",
  model: "gemini-3-pro",
  usage: {
    total_input_tokens: 10,
    total_tool_use_tokens: 2,
    total_output_tokens: 3,
    total_thought_tokens: 5,
    total_cached_tokens: 4,
    total_tokens: 20,
  },
};
const STEPS = [
  { type: "thought", summary: [{ type: "text", text: "Look out." }], signature: "sig" },
  { type: "function_call", id: "c1", name: "look", arguments: { city: "Rome" } },
  { type: "model_output", content: [{ type: "text", text: "It rains." }] },
];
const INTERACTION_EVENTS = [
  {
    event_type: "interaction.created",
    interaction: { id: "int_1", status: "in_progress", model: "gemini-3-pro" },
  },
  { event_type: "step.start", index: 0, step: { type: "thought", signature: "sig" } },
  {
    event_type: "step.delta",
    index: 0,
    delta: { type: "thought_summary", content: { type: "text", text: "Look out." } },
  },
  {
    event_type: "step.start",
    index: 1,
    step: { type: "function_call", id: "c1", name: "look", arguments: {} },
  },
  { event_type: "step.delta", index: 1, delta: { type: "arguments_delta", arguments: '{"city"' } },
  {
    event_type: "step.delta",
    index: 1,
    delta: { type: "arguments_delta", arguments: ':"Rome"}' },
  },
  { event_type: "step.start", index: 2, step: { type: "model_output" } },
  { event_type: "step.delta", index: 2, delta: { type: "text", text: "It " } },
  { event_type: "step.delta", index: 2, delta: { type: "text", text: "rains." } },
  { event_type: "interaction.completed", interaction: INTERACTION },
];

it.each([
  ["", false, { json: { ...INTERACTION, steps: STEPS } }],
  [" that streams", true, { chunks: events(INTERACTION_EVENTS, ["data: [DONE]\n\n"]) }],
])("records an interaction%s", async (_, stream, reply) => {
  const { client, recorder } = await open(reply);
  const answered = await client.interactions.create({
    model: "gemini-3-pro",
    input: [
      { type: "user_input", content: [{ type: "text", text: "How is the weather?" }] },
      { type: "function_result", call_id: "c0", name: "ask", result: "Where?" },
    ],
    system_instruction: "Be brief.",
    generation_config: { temperature: 0.5 },
    stream,
  });
  if (stream) expect(await collect(answered as never)).toHaveLength(INTERACTION_EVENTS.length);
  expect(await recorder.span()).toMatchObject({
    name: "chat gemini-3-pro",
    type: "chat_model",
    status: "ok",
    provider: "google",
    input: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "How is the weather?" },
        { role: "tool", content: [{ id: "c0", name: "ask", content: "Where?" }] },
      ],
    },
    output: {
      messages: [
        { role: "assistant", content: [{ type: "reasoning", text: "Look out." }] },
        {
          role: "assistant",
          content: [{ type: "tool_call", id: "c1", name: "look", arguments: { city: "Rome" } }],
        },
        { role: "assistant", content: "It rains." },
      ],
    },
    usage: {
      inputTokens: 12,
      outputTokens: 8,
      totalTokens: 20,
      cacheReadTokens: 4,
      reasoningTokens: 5,
    },
    attributes: { temperature: 0.5, finishReason: "completed", responseId: "int_1" },
  });
  expect(recorder.errors).toEqual([]);
});
