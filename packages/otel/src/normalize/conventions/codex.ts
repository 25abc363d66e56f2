import type { Convention } from "../convention.ts";
import { readUsage } from "../usage-counts.ts";

/** OpenAI's Codex CLI. */
export const codex: Convention = {
  name: "Codex CLI",
  roots: ["codex"],
  scopes: /^codex/,
  read: {
    type: ({ span }) => (span.name === "session_task.turn" ? "agent" : undefined),
    usage: ({ attributes }) => readUsage(attributes, "codex.turn.token_usage."),
    model: ({ attributes }) => ({ request: attributes.text("model") }),
    sessionId: ({ attributes }) => attributes.text("thread.id", "conversation.id"),
  },
};
