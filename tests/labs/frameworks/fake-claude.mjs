// Speaks to the Claude Agent SDK as the program does that the SDK starts: what that has said once, when it is asked.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const RECORDED = readFileSync(new URL("claude-agent.jsonl", import.meta.url), "utf8");
const wantsPartial = process.argv.includes("--include-partial-messages");
const mode = process.env.FAKE_CLAUDE;

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function answer() {
  const messages = RECORDED.trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ type }) => wantsPartial || type !== "stream_event");
  // May a tool run? The app is asked in the process of the SDK, as it is for its own tools.
  const asked = { subtype: "can_use_tool", tool_name: "mcp__w__look", input: {} };
  say({ type: "control_request", request_id: "asked", request: asked });
  for (const message of messages) {
    if (mode === "hangs" && message.type === "user") return;
    if (mode === "fails" && message.type === "result") {
      const { result: _, ...others } = message;
      say({ ...others, subtype: "error_max_turns", is_error: true, errors: ["Too many turns"] });
    } else say(message);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === "control_request") {
    const response = { subtype: "success", request_id: message.request_id, response: {} };
    say({ type: "control_response", response });
  } else if (message.type === "user") answer();
}
