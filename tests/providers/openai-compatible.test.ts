import { traceOpenAI } from "@rivulet/providers/openai";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { collect, events, openRecorder, serve } from "./support.ts";

const chunk = (delta: object, more: object = {}, beside: object = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_798_761_600,
  model: "served",
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
  ...beside,
});
const END = chunk({}, { finish_reason: "stop" });

/** The span of a streamed chat with these chunks. */
async function streamed(chunks: readonly object[]) {
  const provider = await serve({ chunks: events(chunks, ["data: [DONE]\n\n"]) });
  const recorder = openRecorder();
  const made = new OpenAI({ apiKey: "key", baseURL: provider.url, maxRetries: 0 });
  const client = traceOpenAI(made, recorder.rivulet);
  const ask = { model: "asked", messages: [{ role: "user" as const, content: "Hello?" }] };
  await collect(await client.chat.completions.create({ ...ask, stream: true }));
  return recorder.span();
}

interface Piece {
  readonly index?: number;
  readonly id?: string;
  readonly name?: string;
  readonly text: string;
}

/** A piece of a call, as servers like OpenAI's stream it. */
const call = ({ name, text, ...piece }: Piece) =>
  chunk({ tool_calls: [{ ...piece, type: "function", function: { name, arguments: text } }] });

it.each([
  [
    "that have the same number, as Gemini's",
    [
      call({ index: 0, id: "1", name: "f", text: '{"a":1}' }),
      call({ index: 0, id: "2", name: "g", text: '{"b":2}' }),
    ],
    [
      { id: "1", name: "f", arguments: { a: 1 } },
      { id: "2", name: "g", arguments: { b: 2 } },
    ],
  ],
  [
    "without numbers",
    [
      call({ id: "1", name: "f", text: '{"a"' }),
      call({ text: ":1}" }),
      call({ id: "2", name: "g", text: "{}" }),
    ],
    [
      { id: "1", name: "f", arguments: { a: 1 } },
      { id: "2", name: "g", arguments: {} },
    ],
  ],
  [
    "whose pieces have ids of their own, as those of old versions of vLLM",
    [
      call({ index: 0, id: "1", name: "f", text: '{"a"' }),
      call({ index: 0, id: "2", text: ":1}" }),
    ],
    [{ id: "2", name: "f", arguments: { a: 1 } }],
  ],
  [
    "of tools that take a text",
    [
      chunk({ tool_calls: [{ index: 0, id: "1", type: "custom", custom: { name: "sql" } }] }),
      chunk({ tool_calls: [{ index: 0, custom: { input: "select " } }] }),
      chunk({ tool_calls: [{ index: 0, custom: { input: "1" } }] }),
    ],
    [{ id: "1", name: "sql", arguments: "select 1" }],
  ],
])("reads streamed calls %s", async (_, chunks, calls) => {
  expect((await streamed([...chunks, END])).output).toEqual({
    messages: [
      { role: "assistant", content: calls.map((made) => ({ type: "tool_call", ...made })) },
    ],
  });
});

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const COUNTED = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };

it.each([
  ["Groq, in a field of its own", chunk({}, {}, { x_groq: { usage: USAGE } }), { usage: COUNTED }],
  [
    "Moonshot, in the choice",
    chunk({}, { usage: { ...USAGE, cached_tokens: 8 } }),
    { usage: { ...COUNTED, cacheReadTokens: 8 } },
  ],
  [
    "Perplexity, with costs in parts",
    chunk({}, {}, { usage: { ...USAGE, cost: { request_cost: 0.005, total_cost: 0.006 } } }),
    { usage: COUNTED, cost: 0.006 },
  ],
  [
    "xAI, with costs in ticks",
    chunk({}, {}, { usage: { ...USAGE, cost_in_usd_ticks: 2_709_000 } }),
    { usage: COUNTED, cost: 0.0002709 },
  ],
])("reads what a stream counts as it is told by %s", async (_, counted, recorded) => {
  const { usage, cost } = await streamed([chunk({ content: "Hi" }), END, counted]);
  expect({ usage, cost }).toEqual(recorded);
});

it("keeps what a stream has counted where its last chunk counts nothing", async () => {
  const nothing = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const chunks = [{ ...END, usage: USAGE }, chunk({}, {}, { usage: nothing })];
  expect(await streamed([chunk({ content: "Hi" }), ...chunks])).toMatchObject({ usage: COUNTED });
});

it("joins the pieces of thoughts that OpenRouter tells in detail", async () => {
  const piece = (fields: object) =>
    chunk({ reasoning_details: [{ type: "reasoning.text", index: 0, ...fields }] });
  const pieces = [piece({ text: "Look " }), piece({ text: "out." }), piece({ signature: "sig" })];
  expect((await streamed([...pieces, chunk({ content: "Hi" }), END])).output).toMatchObject({
    messages: [
      {
        extra: {
          reasoning_details: [
            { type: "reasoning.text", index: 0, text: "Look out.", signature: "sig" },
          ],
        },
      },
    ],
  });
});

it("keeps the id and the model where Azure's first and last chunk leave them empty", async () => {
  const empty = { id: "", object: "", model: "", choices: [] };
  const span = await streamed([empty, chunk({ content: "Hi" }), END, { ...empty, usage: USAGE }]);
  expect(span).toMatchObject({
    model: "served",
    usage: COUNTED,
    attributes: { responseId: "chatcmpl-1" },
  });
});

it("keeps the sources that stand beside an answer", async () => {
  const sources = { citations: ["http://a"], search_results: [{ url: "http://a", title: "A" }] };
  const span = await streamed([chunk({ content: "Hi" }, {}, sources), END]);
  expect(span.attributes).toMatchObject({
    citations: ["http://a"],
    searchResults: [{ url: "http://a", title: "A" }],
  });
});

it("reads the images that a model has made, which OpenRouter gives beside the text", async () => {
  const url = "data:image/png;base64,iVBORw0KGgo=";
  const images = [{ type: "image_url", image_url: { url } }];
  expect((await streamed([chunk({ content: "Here." }), chunk({ images }), END])).output).toEqual({
    messages: [
      {
        role: "assistant",
        content: [
          { type: "text", text: "Here." },
          { type: "media", kind: "image", mediaType: "image/png", data: "iVBORw0KGgo=" },
        ],
      },
    ],
  });
});
