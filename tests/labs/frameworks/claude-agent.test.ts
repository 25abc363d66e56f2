import { join } from "node:path";
import {
  type CanUseTool,
  type Options,
  query,
  type SDKMessage,
} from "@anthropic-ai/claude-agent-sdk";
import { traceClaudeAgent } from "@rivulet/providers/claude-agent";
import { expect, test } from "vitest";
import { collect, openRecorder } from "../../providers/support.ts";
import { callsWith, outline } from "./outline.ts";

const PROMPT = "How is the weather?";

function options(mode: "answers" | "fails" | "hangs", more: Options = {}): Options {
  return {
    pathToClaudeCodeExecutable: join(import.meta.dirname, "fake-claude.mjs"),
    systemPrompt: "Be brief.",
    env: { ...process.env, FAKE_CLAUDE: mode },
    ...more,
  };
}

const RUN = "agent claude agent";
const SUBAGENT = `${RUN} > tool Agent`;

test("Claude Agent SDK: a run is a trace with its model calls and tools, those of a subagent below it", async () => {
  const { rivulet, spans, errors } = openRecorder();
  let asked: string | undefined;
  const canUseTool: CanUseTool = async (_, updatedInput) => {
    asked = rivulet.activeSpan()?.name;
    return { behavior: "allow", updatedInput };
  };
  const asking = options("answers", { canUseTool });
  const traced = traceClaudeAgent(query, rivulet);
  const messages = await collect(traced({ prompt: PROMPT, options: asking }));
  const types = messages.map(({ type }: SDKMessage) => type);
  expect(types).toEqual([
    "system",
    "assistant",
    "user",
    "assistant",
    "user",
    "user",
    "assistant",
    "result",
  ]);

  const all = await spans();
  expect(outline(all)).toEqual([
    `${RUN} > chat_model chat claude-sonnet-4-5: ok`,
    `${RUN} > chat_model chat claude-sonnet-4-5: ok`,
    `${SUBAGENT} > chat_model chat claude-sonnet-4-5: ok`,
    `${SUBAGENT} > tool mcp__w__look: ok`,
    `${SUBAGENT}: ok`,
    `${RUN}: ok`,
  ]);
  const run = all.find(({ type }) => type === "agent");
  const system = { role: "system", content: "Be brief." };
  const user = { role: "user", content: PROMPT };
  expect(run).toMatchObject({
    input: { messages: [system, user] },
    output: "It rains.",
    attributes: { turns: 2, finishReason: "end_turn", totalCostUsd: 0.00096 },
  });
  expect(await rivulet.traces.get(run?.traceId ?? "")).toMatchObject({
    sessionId: "dddfd369-10d0-40ea-8f1f-b6b85693f3ef",
    usage: { inputTokens: 367, outputTokens: 20 },
  });
  const [call] = callsWith(all, 121);
  expect(call).toMatchObject({
    model: "claude-sonnet-4-5",
    provider: "anthropic",
    usage: { outputTokens: 15, cacheReadTokens: 100 },
    input: { messages: [system, user] },
    output: { messages: [{ role: "assistant", content: [{ type: "tool_call", name: "Agent" }] }] },
    attributes: { finishReason: "tool_use", responseId: "msg_1", requestId: "req_1" },
  });
  expect(call?.timeToFirstTokenMs).toBeGreaterThan(0);
  expect(callsWith(all, 124)[0]?.input).toMatchObject({
    messages: [
      system,
      user,
      { role: "assistant", content: [{ type: "tool_call", id: "toolu_0" }] },
      { role: "user", content: [{ type: "tool_result", id: "toolu_0", content: "It rains." }] },
    ],
  });
  expect(all.find(({ name }) => name === "mcp__w__look")).toMatchObject({
    input: { city: "Rome" },
    output: [{ type: "text", text: "Rain in Rome" }],
    attributes: { toolCallId: "toolu_1" },
  });
  expect(asked).toBe("claude agent");
  expect(errors).toEqual([]);
});

test("Claude Agent SDK: partial messages reach an app that asks for them", async () => {
  const { rivulet } = openRecorder();
  const asking = options("answers", { includePartialMessages: true });
  const traced = traceClaudeAgent(query, rivulet);
  const messages = await collect(traced({ prompt: PROMPT, options: asking }));
  expect(messages.filter(({ type }) => type === "stream_event").length).toBeGreaterThan(8);
});

test("Claude Agent SDK: a run that fails is an error, one that the app stops or leaves is cancelled", async () => {
  const { rivulet, spans } = openRecorder();
  const traced = traceClaudeAgent(query, rivulet);
  await collect(traced({ prompt: PROMPT, options: options("fails") })).catch(() => undefined);
  for await (const { type } of traced({ prompt: PROMPT, options: options("hangs") })) {
    if (type === "assistant") break;
  }
  const abortController = new AbortController();
  const stopped = traced({ prompt: PROMPT, options: options("hangs", { abortController }) });
  await expect(async () => {
    for await (const { type } of stopped) if (type === "assistant") abortController.abort();
  }).rejects.toThrow("abort");
  const runs = (await spans()).filter(({ type }) => type === "agent");
  expect(runs.map(({ status, statusMessage }) => [status, statusMessage])).toEqual([
    ["error", "Too many turns"],
    ["cancelled", "The consumer stopped reading."],
    ["cancelled", undefined],
  ]);
  expect((await spans()).filter(({ status }) => status === "in_progress")).toEqual([]);
});

test("Claude Agent SDK: what is no function is said so at once", () => {
  expect(() => traceClaudeAgent(undefined as unknown as typeof query)).toThrow(
    "traceClaudeAgent takes the function query of @anthropic-ai/claude-agent-sdk.",
  );
});
