import type { SpanType } from "@rivulet/core";
import type { Convention } from "../convention.ts";
import { valueBody } from "../convention.ts";

const TYPES: Readonly<Record<string, SpanType>> = {
  agent_session: "workflow",
  start_agent_activity: "agent",
  agent_turn: "agent",
  user_turn: "task",
  llm_node: "chain",
  llm_request: "chat_model",
  function_tool: "tool",
};

/** LiveKit Agents. */
export const liveKit: Convention = {
  name: "LiveKit",
  roots: ["lk"],
  scopes: /^livekit-agents$/,
  read: {
    type: ({ span }) => TYPES[span.name],
    name: ({ attributes, type }) =>
      type === "tool" ? attributes.text("lk.function_tool.name") : undefined,
    input: ({ attributes }) =>
      valueBody(
        attributes.json(
          "lk.function_tool.arguments",
          "lk.chat_ctx",
          "lk.input_text",
          "lk.user_input",
          "lk.user_transcript",
        ),
      ),
    output: ({ attributes }) =>
      valueBody(attributes.json("lk.function_tool.output", "lk.response.text")),
    details: ({ attributes }) => ({
      agentName: attributes.text("lk.agent_name"),
      toolCallId: attributes.text("lk.function_tool.id"),
    }),
    sessionId: ({ attributes }) => attributes.text("lk.session_id", "lk.job_id"),
  },
};
