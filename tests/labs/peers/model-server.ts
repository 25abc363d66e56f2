import {
  type NamedEvent,
  namedEvents,
  type Provider,
  type Reply,
  serve,
} from "../../providers/support.ts";

const USAGE = {
  input_tokens: 71_001,
  input_tokens_details: { cached_tokens: 60_013 },
  output_tokens: 2_003,
  output_tokens_details: { reasoning_tokens: 1_017 },
  total_tokens: 73_004,
};

const ANSWER = {
  object: "response",
  created_at: 1_790_000_000,
  model: "zz-model-answered",
  service_tier: "zz-tier",
  error: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
};

const HEADERS = { "x-request-id": "zz-request-of-answer" };

const THOUGHT = {
  type: "reasoning",
  id: "rs_zz",
  summary: [{ type: "summary_text", text: "zz reasoning of the model" }],
};

const CALL = {
  type: "function_call",
  id: "fc_zz",
  call_id: "zz-call-id",
  name: "look",
  arguments: '{"city":"zz-argument"}',
  status: "completed",
};

const CITATION = {
  type: "url_citation",
  start_index: 0,
  end_index: 2,
  title: "zz citation",
  url: "https://zz-citation.example/",
};

const SAID = {
  type: "message",
  id: "msg_zz",
  role: "assistant",
  status: "completed",
  content: [
    { type: "output_text", text: "zz answer of the model", annotations: [CITATION], logprobs: [] },
  ],
};

/** A model thinks and calls a tool; then it is cut off by a filter while it answers. */
const CALLS: Reply = {
  headers: HEADERS,
  json: {
    ...ANSWER,
    id: "resp_zz_1",
    status: "completed",
    incomplete_details: null,
    output: [THOUGHT, CALL],
    usage: USAGE,
  },
};
const ANSWERS: Reply = {
  headers: HEADERS,
  json: {
    ...ANSWER,
    id: "resp_zz_2",
    status: "incomplete",
    incomplete_details: { reason: "content_filter" },
    output: [SAID],
    usage: USAGE,
  },
};

const REFUSES: Reply = {
  status: 451,
  headers: { "x-request-id": "zz-request-of-error" },
  json: { error: { message: "zz refusal of the provider", type: "zz_type", code: "zz_code" } },
};

const delta = (text: string): NamedEvent => ({
  type: "response.output_text.delta",
  item_id: "msg_zz",
  output_index: 0,
  content_index: 0,
  delta: text,
  logprobs: [],
});
const STREAMED = { ...ANSWER, id: "resp_zz_3", status: "completed", incomplete_details: null };
const STREAMS: Reply = {
  headers: HEADERS,
  chunks: namedEvents([
    { type: "response.created", response: { ...STREAMED, output: [], usage: null } },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { ...SAID, status: "in_progress", content: [] },
    },
    delta("zz streamed "),
    delta("words"),
    { type: "response.output_item.done", output_index: 0, item: SAID },
    { type: "response.completed", response: { ...STREAMED, output: [SAID], usage: USAGE } },
  ]),
};

/** A stream that says something and then nothing more. */
const HANGS: Reply = {
  headers: HEADERS,
  chunks: STREAMS.chunks?.slice(0, 3) ?? [],
  isOpen: true,
};

/** A server in OpenAI's place that gives these answers in turn. */
export function serveModel(): Promise<Provider> {
  return serve(CALLS, ANSWERS, REFUSES, STREAMS, HANGS);
}
