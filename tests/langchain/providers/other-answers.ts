import { asAmazonEvents, asEvents, asJson, asLines, type HttpAnswer } from "./provider-server.ts";

type Answers = readonly [whole: HttpAnswer, streamed: HttpAnswer];

const CITATION = {
  type: "web_search_result_location",
  url: "https://zz.citation_url",
  title: "zz.citation_title",
  encrypted_index: "zz.index",
  cited_text: "zz.cited",
};
const BLOCKS = [
  { type: "thinking", thinking: "zz.thought", signature: "zz.signature" },
  { type: "redacted_thinking", data: "zz.redacted" },
  {
    type: "server_tool_use",
    id: "zz.server_id",
    name: "web_search",
    input: { query: "zz.query" },
  },
  {
    type: "web_search_tool_result",
    tool_use_id: "zz.server_id",
    content: [
      {
        type: "web_search_result",
        url: "https://zz.found_url",
        title: "zz.found_title",
        encrypted_content: "zz.encrypted",
        page_age: "zz.age",
      },
    ],
  },
  { type: "text", text: "zz.text", citations: [CITATION] },
  { type: "tool_use", id: "zz.call_id", name: "zz.tool", input: { city: "zz.argument" } },
];
const MESSAGE = {
  id: "zz.response_id",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  stop_reason: "stop_sequence",
  stop_sequence: "zz.stop",
  container: { id: "zz.container", expires_at: "2026-12-01T00:00:00Z" },
  usage: { input_tokens: 12, output_tokens: 5, service_tier: "batch" },
};

function deltasOf(block: (typeof BLOCKS)[number]): readonly [begun: object, ...deltas: object[]] {
  switch (block.type) {
    case "thinking":
      return [
        { ...block, thinking: "", signature: "" },
        { type: "thinking_delta", thinking: "zz.tho" },
        { type: "thinking_delta", thinking: "ught" },
        { type: "signature_delta", signature: "zz.signature" },
      ];
    case "text":
      return [
        { type: "text", text: "" },
        { type: "citations_delta", citation: CITATION },
        { type: "text_delta", text: "zz.te" },
        { type: "text_delta", text: "xt" },
      ];
    case "server_tool_use":
    case "tool_use": {
      const json = JSON.stringify(block.input);
      return [
        { ...block, input: {} },
        { type: "input_json_delta", partial_json: json.slice(0, 5) },
        { type: "input_json_delta", partial_json: json.slice(5) },
      ];
    }
    default:
      return [block];
  }
}

/** A message of Anthropic's with every kind of block. */
export const ANTHROPIC: Answers = [
  asJson({ ...MESSAGE, content: BLOCKS }, { "request-id": "zz.request_id" }),
  asEvents([
    {
      type: "message_start",
      message: { ...MESSAGE, content: [], stop_reason: null, stop_sequence: null },
    },
    ...BLOCKS.flatMap((block, index) => {
      const [content_block, ...deltas] = deltasOf(block);
      return [
        { type: "content_block_start", index, content_block },
        ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
        { type: "content_block_stop", index },
      ];
    }),
    {
      type: "message_delta",
      delta: {
        stop_reason: MESSAGE.stop_reason,
        stop_sequence: MESSAGE.stop_sequence,
        container: MESSAGE.container,
      },
      usage: { output_tokens: 5 },
    },
    { type: "message_stop" },
  ]),
];

const GEMINI_PARTS = [
  { text: "zz.thought", thought: true, thoughtSignature: "zz.signature" },
  { executableCode: { language: "PYTHON", code: "zz.code" } },
  { codeExecutionResult: { outcome: "OUTCOME_OK", output: "zz.logs" } },
  { text: "zz.text" },
  { inlineData: { mimeType: "image/png", data: "enouaW1hZ2U=" } },
  {
    functionCall: { id: "zz.call_id", name: "zz.tool", args: { city: "zz.argument" } },
    thoughtSignature: "zz.call_signature",
  },
];
const GEMINI_END = {
  finishReason: "MAX_TOKENS",
  index: 0,
  safetyRatings: [{ category: "zz.category", probability: "NEGLIGIBLE" }],
  citationMetadata: { citationSources: [{ startIndex: 0, endIndex: 4, uri: "https://zz.cited" }] },
  groundingMetadata: {
    webSearchQueries: ["zz.query"],
    groundingChunks: [{ web: { uri: "https://zz.ground", title: "zz.ground_title" } }],
  },
};
const GEMINI_ABOUT = {
  modelVersion: "gemini-3-pro-001",
  responseId: "zz.response_id",
  usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 5, totalTokenCount: 17 },
};

/** An answer of Gemini's with every kind of part. */
export const GEMINI: Answers = [
  asJson({
    ...GEMINI_ABOUT,
    candidates: [{ content: { role: "model", parts: GEMINI_PARTS }, ...GEMINI_END }],
  }),
  asEvents([
    ...GEMINI_PARTS.map((part) => ({
      ...GEMINI_ABOUT,
      candidates: [{ index: 0, content: { role: "model", parts: [part] } }],
    })),
    {
      ...GEMINI_ABOUT,
      candidates: [{ content: { role: "model", parts: [{ text: "" }] }, ...GEMINI_END }],
    },
  ]),
];

const OLLAMA = {
  model: "qwen3:8b",
  created_at: "2026-11-29T00:00:00Z",
  message: {
    role: "assistant",
    content: "zz.text",
    thinking: "zz.thought",
    tool_calls: [{ function: { name: "zz.tool", arguments: { city: "zz.argument" } } }],
  },
};
const OLLAMA_END = {
  done: true,
  done_reason: "length",
  total_duration: 1,
  prompt_eval_count: 12,
  eval_count: 5,
};

/** An answer of Ollama's, which are streams, whole or not. */
export const OLLAMA_CHAT: Answers = [
  asLines([{ ...OLLAMA, ...OLLAMA_END }]),
  asLines([
    { ...OLLAMA, message: { role: "assistant", content: "", thinking: "zz.tho" }, done: false },
    { ...OLLAMA, message: { role: "assistant", content: "", thinking: "ught" }, done: false },
    { ...OLLAMA, message: { role: "assistant", content: "zz.te" }, done: false },
    { ...OLLAMA, message: { role: "assistant", content: "xt" }, done: false },
    {
      ...OLLAMA,
      message: { role: "assistant", content: "", tool_calls: OLLAMA.message.tool_calls },
      done: false,
    },
    { ...OLLAMA, message: { role: "assistant", content: "" }, ...OLLAMA_END },
  ]),
];

const MISTRAL = {
  id: "zz.response_id",
  model: "magistral-medium-2509",
  created: 1_790_000_000,
};
const MISTRAL_USAGE = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const MISTRAL_TEXT = [
  { type: "thinking", thinking: [{ type: "text", text: "zz.thought" }] },
  { type: "text", text: "zz.text" },
  { type: "reference", reference_ids: [1] },
];
const MISTRAL_CALL = {
  id: "zz.call_id",
  function: { name: "zz.tool", arguments: '{"city":"zz.argument"}' },
  index: 0,
};

/** An answer of Mistral's. */
export const MISTRAL_CHAT: Answers = [
  asJson({
    ...MISTRAL,
    usage: MISTRAL_USAGE,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        finish_reason: "length",
        message: { role: "assistant", content: MISTRAL_TEXT, tool_calls: [MISTRAL_CALL] },
      },
    ],
  }),
  asEvents(
    [
      { role: "assistant", content: [MISTRAL_TEXT[0]] },
      { content: [MISTRAL_TEXT[1]] },
      { content: "", tool_calls: [MISTRAL_CALL] },
    ].map((delta, index) => ({
      ...MISTRAL,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason: index === 2 ? "length" : null }],
      ...(index === 2 ? { usage: MISTRAL_USAGE } : {}),
    })),
    { done: true },
  ),
];

const BEDROCK_BLOCKS = [
  { reasoningContent: { reasoningText: { text: "zz.thought", signature: "zz.signature" } } },
  { text: "zz.text" },
  { toolUse: { toolUseId: "zz.call_id", name: "zz.tool", input: { city: "zz.argument" } } },
];
const BEDROCK_END = {
  usage: { inputTokens: 12, outputTokens: 5, totalTokens: 17 },
  metrics: { latencyMs: 1 },
};
const BEDROCK_ID = { "x-amzn-requestid": "zz.request_id" };

/** An answer of Bedrock's Converse. */
export const BEDROCK: Answers = [
  asJson(
    {
      output: { message: { role: "assistant", content: BEDROCK_BLOCKS } },
      stopReason: "max_tokens",
      ...BEDROCK_END,
    },
    BEDROCK_ID,
  ),
  {
    ...asAmazonEvents([
      ["messageStart", { role: "assistant" }],
      ["contentBlockDelta", bedrockDelta(0, { reasoningContent: { text: "zz.tho" } })],
      ["contentBlockDelta", bedrockDelta(0, { reasoningContent: { text: "ught" } })],
      ["contentBlockDelta", bedrockDelta(0, { reasoningContent: { signature: "zz.signature" } })],
      ["contentBlockDelta", bedrockDelta(1, { text: "zz.te" })],
      ["contentBlockDelta", bedrockDelta(1, { text: "xt" })],
      [
        "contentBlockStart",
        {
          contentBlockIndex: 2,
          start: { toolUse: { toolUseId: "zz.call_id", name: "zz.tool" } },
        },
      ],
      ["contentBlockDelta", bedrockDelta(2, { toolUse: { input: '{"city":"zz.argument"}' } })],
      ["contentBlockStop", { contentBlockIndex: 2 }],
      ["messageStop", { stopReason: "max_tokens" }],
      ["metadata", BEDROCK_END],
    ]),
  },
];

function bedrockDelta(contentBlockIndex: number, delta: object): object {
  return { contentBlockIndex, delta };
}
