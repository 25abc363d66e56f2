import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** How the server answers: well, with a status, or with a failure in the middle of a stream. */
export type Mood = "well" | "busy" | "breaking";

type Fields = Readonly<Record<string, unknown>>;

const BUSY = {
  type: "error",
  error: { type: "rate_limit_error", code: "rate_limit", message: "slow down" },
};

/** Starts a server that answers in the shape of each provider, by the path that is asked for. */
export async function startProvider(mood: Mood): Promise<string> {
  const server = createServer((request, response) => void answer(request, response, mood));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function answer(request: IncomingMessage, response: ServerResponse, mood: Mood) {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const { url = "" } = request;
  const isStream = body.includes('"stream":true') || url.includes("streamGenerate");
  const ids = { "x-request-id": "req_1", "request-id": "req_1" };
  if (mood === "busy") {
    response.writeHead(429, { ...ids, "content-type": "application/json" });
    response.end(JSON.stringify(BUSY));
    return;
  }
  const type = isStream ? "text/event-stream" : "application/json";
  response.writeHead(200, { ...ids, "content-type": type });
  const shape = shapeOf(url);
  if (!isStream) response.end(JSON.stringify(shape.whole));
  else response.end((mood === "breaking" ? shape.broken : shape.stream).map(toEvent).join(""));
}

function toEvent(data: Fields | string): string {
  const name = typeof data === "string" || !("type" in data) ? "" : `event: ${data["type"]}\n`;
  return `${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

interface Shape {
  readonly whole: Fields;
  readonly stream: readonly (Fields | string)[];
  readonly broken: readonly (Fields | string)[];
}

function shapeOf(url: string): Shape {
  if (url.endsWith("/chat/completions")) return CHAT;
  if (url.endsWith("/responses")) return RESPONSES;
  return url.endsWith("/messages") ? MESSAGES : GEMINI;
}

const chat = {
  id: "answer-1",
  created: 1,
  model: "served-model",
  system_fingerprint: "fp_1",
  service_tier: "flex",
};
const delta = (given: Fields, reason: string | null = null): Fields => ({
  ...chat,
  choices: [{ index: 0, delta: given, finish_reason: reason }],
});
const chatUsage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const CHAT: Shape = {
  whole: {
    ...chat,
    choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
    usage: chatUsage,
  },
  stream: [
    delta({ role: "assistant", content: "Hi" }),
    delta({}, "stop"),
    { ...chat, choices: [], usage: chatUsage },
    "[DONE]",
  ],
  broken: [
    delta({ role: "assistant", content: "Hi" }),
    { error: { message: "server broke", type: "server_error", code: "oops" } },
    "[DONE]",
  ],
};

const output = {
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: "Hi", annotations: [] }],
};
const responses = {
  id: "answer-1",
  object: "response",
  created_at: 1,
  model: "served-model",
  status: "completed",
  service_tier: "flex",
  output: [output],
  usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
};
const begun = { ...responses, status: "in_progress", output: [] };
const RESPONSES_START = [
  { type: "response.created", response: begun },
  { type: "response.output_item.added", output_index: 0, item: { type: "message", id: "msg_1" } },
  {
    type: "response.output_text.delta",
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    delta: "Hi",
  },
];
const RESPONSES: Shape = {
  whole: responses,
  stream: [
    ...RESPONSES_START,
    { type: "response.output_item.done", output_index: 0, item: output },
    { type: "response.completed", response: responses },
  ],
  broken: [
    ...RESPONSES_START,
    {
      type: "error",
      sequence_number: 4,
      error: { type: "server_error", code: "oops", message: "server broke", param: null },
    },
  ],
};

const message = {
  id: "answer-1",
  type: "message",
  role: "assistant",
  model: "served-model",
  content: [{ type: "text", text: "Hi" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5, service_tier: "flex" },
};
const MESSAGES_START = [
  { type: "message_start", message: { ...message, content: [], stop_reason: null } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
];
const MESSAGES: Shape = {
  whole: message,
  stream: [
    ...MESSAGES_START,
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 5 },
    },
    { type: "message_stop" },
  ],
  broken: [
    ...MESSAGES_START,
    { type: "error", error: { type: "overloaded_error", message: "server broke" } },
  ],
};

const gemini = {
  candidates: [
    { content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP", index: 0 },
  ],
  usageMetadata: {
    promptTokenCount: 10,
    candidatesTokenCount: 5,
    totalTokenCount: 15,
    serviceTier: "flex",
  },
  modelVersion: "served-model",
  responseId: "answer-1",
};
const GEMINI: Shape = { whole: gemini, stream: [gemini], broken: [gemini] };
