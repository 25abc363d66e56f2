import { events, type Reply } from "../../providers/support.ts";

const MODEL = "gpt-5-mini-2025-08-07";
const CALL = {
  id: "call_1",
  type: "function",
  function: { name: "look", arguments: '{"city":"Rome"}' },
};
const ASSISTANT_CALL = { role: "assistant", content: null, tool_calls: [CALL] };
const SAID = { role: "assistant", content: "It rains." };

interface Turn {
  readonly id: string;
  readonly message: typeof ASSISTANT_CALL | typeof SAID;
  readonly reason: string;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

const TURNS: readonly Turn[] = [
  {
    id: "chatcmpl-1",
    message: ASSISTANT_CALL,
    reason: "tool_calls",
    usage: { prompt_tokens: 20, completion_tokens: 5 },
  },
  {
    id: "chatcmpl-2",
    message: SAID,
    reason: "stop",
    usage: { prompt_tokens: 30, completion_tokens: 4 },
  },
];

/** What a model of OpenAI answers that calls the tool `look` for Rome, and then says that it rains. */
export const WHOLE: readonly Reply[] = TURNS.map(({ id, message, reason, usage }) => ({
  json: {
    id,
    object: "chat.completion",
    created: 1_798_761_600,
    model: MODEL,
    choices: [{ index: 0, message, finish_reason: reason }],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  },
}));

/** The same as streams. */
export const STREAMED: readonly Reply[] = TURNS.map(({ id, message, reason, usage }) => {
  const chunk = { id, object: "chat.completion.chunk", created: 1_798_761_600, model: MODEL };
  const delta =
    "tool_calls" in message
      ? { ...message, tool_calls: message.tool_calls.map((call) => ({ index: 0, ...call })) }
      : message;
  const totals = { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens };
  return {
    chunks: events(
      [
        { ...chunk, choices: [{ index: 0, delta, finish_reason: null }] },
        { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: reason }], usage: totals },
      ],
      ["data: [DONE]\n\n"],
    ),
  };
});

/** A model that is not to be had. */
export const REFUSED: readonly Reply[] = [
  {
    status: 400,
    json: { error: { message: "No such model: gpt-5-mini", type: "invalid_request_error" } },
  },
];

/** What the model is asked, as it is recorded. */
export const ASKED: readonly object[] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "How is the weather?" },
];

/** Its call of the tool, as it is recorded. */
export const CALLED: object = {
  role: "assistant",
  content: [{ type: "tool_call", id: "call_1", name: "look", arguments: { city: "Rome" } }],
};

/** What it is asked when the tool has answered, as it is recorded. */
export const ANSWERED: readonly object[] = [
  ...ASKED,
  CALLED,
  { role: "tool", content: [{ type: "tool_result", id: "call_1", content: "Rain in Rome" }] },
];
