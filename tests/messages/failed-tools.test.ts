import { type Message, readMessage } from "@rivulet/domain";
import { expect, it } from "vitest";

/** Whether the results of tools in a message are errors. */
function failures(message: Message | undefined): readonly (boolean | undefined)[] {
  const content = message?.content ?? [];
  if (typeof content === "string") return [];
  return content.flatMap((part) => (part.type === "tool_result" ? [part.isError] : []));
}

const gemini = (outcome?: string): object => ({
  role: "model",
  parts: [{ codeExecutionResult: { output: "x", ...(outcome === undefined ? {} : { outcome }) } }],
});
const anthropic = (more: object): object => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: "t", content: "x", ...more }],
});
const langchain = (more: object): object => ({
  type: "tool",
  tool_call_id: "t",
  content: "x",
  ...more,
});
const aiSdk = (output: object, type = "tool-result"): object => ({
  role: "tool",
  content: [{ type, toolCallId: "t", toolName: "f", ...output }],
});
const uiTool = (more: object): object => ({
  role: "assistant",
  parts: [{ type: "tool-f", toolCallId: "t", input: {}, ...more }],
});

it.each<[string, object]>([
  ["Gemini: OUTCOME_FAILED", gemini("OUTCOME_FAILED")],
  ["Gemini: OUTCOME_DEADLINE_EXCEEDED", gemini("OUTCOME_DEADLINE_EXCEEDED")],
  ["Anthropic: is_error", anthropic({ is_error: true })],
  ["MCP: isError", anthropic({ isError: true })],
  ["LangChain: status", langchain({ status: "error" })],
  ["a tool's message with is_error", langchain({ is_error: true })],
  ["AI SDK: error-text", aiSdk({ output: { type: "error-text", value: "x" } })],
  ["AI SDK: error-json", aiSdk({ output: { type: "error-json", value: {} } })],
  [
    "AI SDK: isError in an answer over MCP",
    aiSdk({
      output: { type: "json", value: { content: [{ type: "text", text: "x" }], isError: true } },
    }),
  ],
  ["AI SDK: tool-error", aiSdk({ error: "x" }, "tool-error")],
  ["AI SDK: an Error as output", aiSdk({ output: new Error("x") })],
  ["AI SDK: errorText of a page", uiTool({ state: "output-error", errorText: "x" })],
])("a tool has failed by %s", (_, written) => {
  expect(failures(readMessage(written))).toEqual([true]);
});

it.each<[string, object]>([
  ["Gemini: OUTCOME_OK", gemini("OUTCOME_OK")],
  ["Gemini: no outcome", gemini()],
  ["Anthropic: is_error", anthropic({ is_error: false })],
  ["Anthropic: nothing said", anthropic({})],
  ["LangChain: status", langchain({ status: "success" })],
  ["LangChain: nothing said", langchain({})],
  ["AI SDK: text", aiSdk({ output: { type: "text", value: "error" } })],
  ["AI SDK: json", aiSdk({ output: { type: "json", value: { error: 1 } } })],
  ["AI SDK: execution-denied", aiSdk({ output: { type: "execution-denied", reason: "no" } })],
  ["AI SDK: output of a page", uiTool({ state: "output-available", output: "x" })],
])("a tool has not failed by %s", (_, written) => {
  expect(failures(readMessage(written))).toEqual([undefined]);
});

it("a tool of a page that has not answered yet has no result", () => {
  expect(failures(readMessage(uiTool({ state: "input-available" })))).toEqual([]);
});

it.each([
  { type: "tool-f", toolCallId: "t", input: {} },
  { type: "tool-f", state: "output-available", output: "x" },
])("a part that only looks like a tool of a page is kept as it is: %j", (part) => {
  expect(readMessage({ role: "assistant", parts: [part] })?.content).toEqual([
    { type: "data", value: part },
  ]);
});
