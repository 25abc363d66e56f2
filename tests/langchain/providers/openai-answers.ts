import { asEvents, asJson, type HttpAnswer } from "./provider-server.ts";

const ABOUT = {
  id: "zz.response_id",
  created: 1_790_000_000,
  model: "gpt-5.2-2026-01-01",
  service_tier: "flex",
  system_fingerprint: "zz.fingerprint",
};
const USAGE = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const CITATION = {
  type: "url_citation",
  url_citation: {
    start_index: 0,
    end_index: 4,
    title: "zz.citation_title",
    url: "https://zz.citation_url",
  },
};

function completion(message: object, finish = "stop"): HttpAnswer {
  return asJson(
    {
      ...ABOUT,
      object: "chat.completion",
      choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: finish }],
      usage: USAGE,
    },
    { "x-request-id": "zz.request_id" },
  );
}

function chunks(deltas: readonly object[], finish = "stop"): HttpAnswer {
  const about = { ...ABOUT, object: "chat.completion.chunk" };
  const choice = (delta: object, finish_reason: string | null = null): object => ({
    ...about,
    choices: [{ index: 0, delta, finish_reason }],
  });
  return asEvents(
    [
      choice({ role: "assistant", content: "" }),
      ...deltas.map((delta) => choice(delta)),
      choice({}, finish),
      { ...about, choices: [], usage: USAGE },
    ],
    { done: true },
  );
}

/** Answers of chat completions, whole and streamed, by what they are about. */
export const COMPLETIONS: Readonly<
  Record<string, readonly [whole: HttpAnswer, streamed: HttpAnswer]>
> = {
  text: [
    completion({ content: "zz.text", refusal: null, annotations: [CITATION] }, "length"),
    chunks([{ content: "zz.te" }, { content: "xt" }, { annotations: [CITATION] }], "length"),
  ],
  refusal: [
    completion({ content: null, refusal: "zz.refusal" }),
    chunks([{ refusal: "zz.refusal" }]),
  ],
  call: [
    completion(
      {
        content: null,
        tool_calls: [
          {
            id: "zz.call_id",
            type: "function",
            function: { name: "zz.tool", arguments: '{"city":"zz.argument"}' },
          },
        ],
      },
      "tool_calls",
    ),
    chunks(
      [
        {
          tool_calls: [
            {
              index: 0,
              id: "zz.call_id",
              type: "function",
              function: { name: "zz.tool", arguments: '{"city":' },
            },
          ],
        },
        { tool_calls: [{ index: 0, function: { arguments: '"zz.argument"}' } }] },
      ],
      "tool_calls",
    ),
  ],
  functionCall: [
    completion(
      { content: null, function_call: { name: "zz.tool", arguments: '{"city":"zz.argument"}' } },
      "function_call",
    ),
    chunks(
      [
        { function_call: { name: "zz.tool", arguments: '{"city":' } },
        { function_call: { arguments: '"zz.argument"}' } },
      ],
      "function_call",
    ),
  ],
  audio: [
    completion({
      content: null,
      audio: {
        id: "zz.audio_id",
        data: "enouYXVkaW8=",
        expires_at: 1_790_003_600,
        transcript: "zz.transcript",
      },
    }),
    chunks([
      { audio: { id: "zz.audio_id", transcript: "zz.tran" } },
      { audio: { transcript: "script" } },
      { audio: { data: "enou" } },
      { audio: { data: "YXVkaW8=" } },
      { audio: { expires_at: 1_790_003_600 } },
    ]),
  ],
  reasoning: [
    completion({ content: "zz.text", reasoning_content: "zz.thought" }),
    chunks([
      { reasoning_content: "zz.tho" },
      { reasoning_content: "ught" },
      { content: "zz.text" },
    ]),
  ],
};

const ANNOTATION = {
  type: "url_citation",
  start_index: 0,
  end_index: 4,
  title: "zz.citation_title",
  url: "https://zz.citation_url",
};
const ITEMS = [
  {
    type: "reasoning",
    id: "zz.reasoning_id",
    summary: [{ type: "summary_text", text: "zz.summary" }],
    encrypted_content: "zz.encrypted",
  },
  {
    type: "web_search_call",
    id: "zz.search_id",
    status: "completed",
    action: { type: "search", query: "zz.query" },
  },
  {
    type: "file_search_call",
    id: "zz.file_search_id",
    status: "completed",
    queries: ["zz.file_query"],
    results: [
      { file_id: "zz.found_file", filename: "zz.found_name", score: 0.5, text: "zz.found" },
    ],
  },
  {
    type: "code_interpreter_call",
    id: "zz.code_id",
    status: "completed",
    code: "zz.code",
    container_id: "zz.container",
    outputs: [{ type: "logs", logs: "zz.logs" }],
  },
  {
    type: "mcp_call",
    id: "zz.mcp_id",
    name: "zz.mcp_tool",
    arguments: '{"x":"zz.mcp_argument"}',
    server_label: "zz.label",
    output: "zz.mcp_output",
  },
  {
    type: "function_call",
    id: "zz.item_id",
    call_id: "zz.call_id",
    name: "zz.tool",
    arguments: '{"city":"zz.argument"}',
    status: "completed",
  },
  {
    type: "custom_tool_call",
    id: "zz.custom_item_id",
    call_id: "zz.custom_id",
    name: "zz.custom",
    input: "zz.custom_input",
  },
  {
    type: "image_generation_call",
    id: "zz.image_id",
    status: "completed",
    result: "enouaW1hZ2U=",
    revised_prompt: "zz.revised",
    output_format: "png",
  },
  {
    type: "message",
    id: "zz.message_id",
    role: "assistant",
    status: "completed",
    content: [
      {
        type: "output_text",
        text: "zz.text",
        annotations: [ANNOTATION],
        logprobs: [],
      },
      { type: "refusal", refusal: "zz.refusal" },
    ],
  },
];

const RESPONSE = {
  id: "zz.response_id",
  object: "response",
  created_at: 1_790_000_000,
  model: "gpt-5.2-2026-01-01",
  status: "incomplete",
  error: null,
  incomplete_details: { reason: "max_output_tokens" },
  service_tier: "flex",
  output: ITEMS,
  usage: { input_tokens: 12, output_tokens: 5, total_tokens: 17 },
};

/** Events of an item that is streamed. */
function itemEvents(item: (typeof ITEMS)[number], index: number): readonly object[] {
  const at = { output_index: index, item_id: item.id };
  const added = { type: "response.output_item.added", output_index: index, item: begun(item) };
  const done = { type: "response.output_item.done", output_index: index, item };
  return [added, ...deltasOf(item, at), done];
}

function begun(item: (typeof ITEMS)[number]): object {
  if (item.type === "message") return { ...item, status: "in_progress", content: [] };
  if (item.type === "reasoning") return { ...item, summary: [], encrypted_content: "" };
  if (item.type === "function_call") return { ...item, arguments: "", status: "in_progress" };
  return { ...item, status: "in_progress" };
}

function deltasOf(item: (typeof ITEMS)[number], at: object): readonly object[] {
  if (item.type === "reasoning") {
    const part = { ...at, summary_index: 0 };
    return [
      {
        type: "response.reasoning_summary_part.added",
        ...part,
        part: { type: "summary_text", text: "" },
      },
      { type: "response.reasoning_summary_text.delta", ...part, delta: "zz.summary" },
    ];
  }
  if (item.type === "function_call") {
    return [{ type: "response.function_call_arguments.delta", ...at, delta: item.arguments }];
  }
  if (item.type !== "message") return [];
  const text = { ...at, content_index: 0 };
  return [
    {
      type: "response.content_part.added",
      ...text,
      part: { type: "output_text", text: "", annotations: [] },
    },
    { type: "response.output_text.delta", ...text, delta: "zz.te" },
    { type: "response.output_text.delta", ...text, delta: "xt" },
    {
      type: "response.output_text.annotation.added",
      ...text,
      annotation_index: 0,
      annotation: ANNOTATION,
    },
    { type: "response.refusal.delta", ...at, content_index: 1, delta: "zz.refusal" },
    { type: "response.refusal.done", ...at, content_index: 1, refusal: "zz.refusal" },
  ];
}

/** An answer of OpenAI's responses with every kind of item, whole and streamed. */
export const RESPONSES: readonly [whole: HttpAnswer, streamed: HttpAnswer] = [
  asJson(RESPONSE, { "x-request-id": "zz.request_id" }),
  asEvents([
    { type: "response.created", response: { ...RESPONSE, status: "in_progress", output: [] } },
    ...ITEMS.flatMap(itemEvents),
    { type: "response.incomplete", response: RESPONSE },
  ]),
];
