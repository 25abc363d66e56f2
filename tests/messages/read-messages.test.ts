import { type JsonObject, type Message, readConversation, readMessages } from "@rivulet/domain";
import { expect, it } from "vitest";

const SYSTEM: Message = { role: "system", content: "Be brief." };
const USER: Message = { role: "user", content: "Which is long?" };
const ANSWER: Message = { role: "assistant", content: "The Nile." };
const CALL: Message = {
  role: "assistant",
  content: [{ type: "tool_call", id: "c1", name: "find", arguments: { q: "river" } }],
};

/** What is kept of an item that is no message, call or output. */
const item = (role: string, value: JsonObject): Message => ({
  role,
  content: [{ type: "data", value }],
});

const CONVERSATIONS: readonly (readonly [string, unknown, readonly Message[]])[] = [
  ["a list", [SYSTEM, USER], [SYSTEM, USER]],
  ["one message", ANSWER, [ANSWER]],
  ["LangChain's list for each prompt of a batch", [[SYSTEM, USER]], [SYSTEM, USER]],
  [
    "a request to OpenAI's chat completions",
    { model: "gpt", messages: [{ role: "user", content: "Which is long?" }], temperature: 0 },
    [USER],
  ],
  [
    "an answer of OpenAI's chat completions",
    {
      id: "chatcmpl-1",
      choices: [
        { index: 0, message: { role: "assistant", content: "The Nile." }, finish_reason: "stop" },
      ],
      usage: { total_tokens: 3 },
    },
    [ANSWER],
  ],
  [
    "an answer of OpenAI's responses",
    {
      output: [
        { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }] },
        { type: "function_call", call_id: "c1", name: "find", arguments: '{"q":"river"}' },
        {
          type: "message",
          role: "assistant",
          content: [{ type: "output_text", text: "The Nile.", annotations: [] }],
        },
      ],
    },
    [
      {
        role: "assistant",
        content: [{ type: "reasoning", text: "Hm.", extra: { id: "rs_1" } }],
      },
      CALL,
      ANSWER,
    ],
  ],
  [
    "a request to OpenAI's responses with items of every kind",
    {
      input: [
        { type: "compaction", id: "cmp_1", encrypted_content: "…" },
        { type: "item_reference", id: "msg_1" },
        { type: "mcp_list_tools", id: "mcpl_1", server_label: "maps", tools: [] },
        { type: "mcp_approval_response", approval_request_id: "mcpr_1", approve: true },
        // An item has an id of its own, and the call has another one, which the output names.
        { type: "function_call", id: "fc_1", call_id: "c1", name: "find", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "Nile" },
        { type: "apply_patch_call_output", call_id: "c2", output: "done" },
      ],
    },
    [
      item("assistant", { type: "compaction", id: "cmp_1", encrypted_content: "…" }),
      item("assistant", { type: "item_reference", id: "msg_1" }),
      item("assistant", { type: "mcp_list_tools", id: "mcpl_1", server_label: "maps", tools: [] }),
      item("user", {
        type: "mcp_approval_response",
        approval_request_id: "mcpr_1",
        approve: true,
      }),
      {
        role: "assistant",
        content: [
          { type: "tool_call", id: "c1", name: "find", arguments: {}, extra: { id: "fc_1" } },
        ],
      },
      { role: "tool", content: [{ type: "tool_result", id: "c1", content: "Nile" }] },
      { role: "tool", content: [{ type: "tool_result", id: "c2", content: "done" }] },
    ],
  ],
  [
    "a request to Anthropic",
    { system: [{ type: "text", text: "Be brief." }], messages: [USER], max_tokens: 9 },
    [SYSTEM, USER],
  ],
  [
    "a request to Gemini",
    {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [{ role: "user", parts: [{ text: "Which is long?" }] }],
    },
    [SYSTEM, USER],
  ],
  [
    "an answer of Gemini",
    { candidates: [{ content: { role: "model", parts: [{ text: "The Nile." }] } }] },
    [ANSWER],
  ],
  [
    "a result of LangChain",
    { generations: [[{ text: "The Nile.", message: { type: "ai", content: "The Nile." } }]] },
    [ANSWER],
  ],
  ["a call of the AI SDK", { system: "Be brief.", prompt: [USER] }, [SYSTEM, USER]],
  [
    "a result of the AI SDK",
    {
      text: "",
      toolCalls: [{ type: "tool-call", toolCallId: "c1", toolName: "find", input: { q: "river" } }],
      finishReason: "tool-calls",
    },
    [CALL],
  ],
  [
    "a result of the AI SDK with reasoning",
    { text: "The Nile.", reasoningText: "Rivers, then.", finishReason: "stop" },
    [
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Rivers, then." },
          { type: "text", text: "The Nile." },
        ],
      },
    ],
  ],
  [
    "an answer of the AI SDK in parts",
    { content: [{ type: "text", text: "The Nile." }], usage: {} },
    [ANSWER],
  ],
  [
    "an answer of a tool over MCP",
    { content: [{ type: "text", text: "The Nile." }], isError: true },
    [{ role: "tool", content: [{ type: "tool_result", content: "The Nile.", isError: true }] }],
  ],
];

it.each(CONVERSATIONS)("a conversation is found in %s", (_, value, messages) => {
  expect(readMessages(value)).toEqual(messages);
});

it.each([
  undefined,
  null,
  7,
  "Hi",
  [],
  [1, 2],
  {},
  { messages: [] },
  { messages: [1, 2] },
  { messages: [USER, "Hi"] },
  { prompt: "Hi" },
  { input: "Hi" },
  { input: [1] },
  { output: { rows: 3 } },
  { choices: [] },
  { choices: ["a", "b"] },
  { content: ["a", "b"] },
])("none is found in %j", (value) => {
  expect(readMessages(value)).toBeUndefined();
});

it.each<readonly [name: string, value: object, beside: JsonObject | undefined]>([
  ["a request's settings", { messages: [USER], model: "m", seed: null }, { model: "m" }],
  ["an app's state", { user: "anna", input: [USER], docs: [1] }, { user: "anna", docs: [1] }],
  ["a text of an app's own", { question: "Why?", id: 7, text: "So." }, { question: "Why?", id: 7 }],
  ["instructions, which are a message", { system: "Be brief.", messages: [USER] }, undefined],
  ["instructions that cannot be read", { system: 7, messages: [USER] }, { system: 7 }],
  ["an answer's usage", { choices: [{ message: USER }], usage: { all: 3 } }, { usage: { all: 3 } }],
  ["what a message keeps itself", { role: "user", content: "Hi", mood: "good" }, undefined],
])("beside the messages of a conversation is %s", (_, value, beside) => {
  expect(readConversation(value)?.beside).toEqual(beside);
});
