import { type Message, readMessages } from "@rivulet/domain";
import { expect, it } from "vitest";

const SYSTEM: Message = { role: "system", content: "Be brief." };
const USER: Message = { role: "user", content: "Which is long?" };
const ANSWER: Message = { role: "assistant", content: "The Nile." };
const CALL: Message = {
  role: "assistant",
  content: [{ type: "tool_call", id: "c1", name: "find", arguments: { q: "river" } }],
};

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
