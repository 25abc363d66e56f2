import { readMessages, type TokenUsage } from "@rivulet/core";
import { settingsOf } from "../calls/chat.ts";
import type { CallAnswer, CallRequest, Endpoint } from "../calls/endpoint.ts";
import {
  type Fields,
  fieldOf,
  fieldsOf,
  listOf,
  numberOf,
  textOf,
  withoutNothing,
} from "../calls/read-value.ts";
import { readInteractionStream } from "./interaction-stream.ts";

/** Interactions: a model or an agent goes on with a conversation, step by step. */
export const INTERACTION: Endpoint = {
  operation: "chat",
  type: "chat_model",
  request: readRequest,
  answer: readAnswer,
  readStream: readInteractionStream,
};

/** What is said of the request, and of how it is sent. */
const TRANSPORT: ReadonlySet<string> = new Set([
  "agent",
  "api_version",
  "automatic_continuation",
  "generation_config",
  "system_instruction",
]);

function readRequest(body: Fields): CallRequest {
  const { model, agent, input, system_instruction: instructions, tools } = body;
  const system = textOf(instructions);
  const given = toMessages(input);
  const messages = readMessages(
    system === undefined ? given : [{ role: "system", content: system }, ...given],
  );
  return {
    model: textOf(model) ?? textOf(agent),
    input: {
      ...(messages === undefined ? withoutNothing({ system, input }) : { messages }),
      ...(listOf(tools).length === 0 ? {} : { tools }),
    },
    settings: { ...settingsOf(withoutTransport(body)), ...fieldsOf(body["generation_config"]) },
  };
}

function withoutTransport(body: Fields): Fields {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !TRANSPORT.has(name)));
}

/** An input is a text, steps, turns, or what one turn of the user has in it. */
function toMessages(input: unknown): readonly unknown[] {
  const items = Array.isArray(input) ? input : [input];
  if (items.some((item) => isStep(fieldsOf(item)))) return items.map(toMessage);
  if (items.every((item) => fieldOf(item, "role") !== undefined)) return items;
  const content = items.map((item) =>
    typeof item === "string" ? { type: "text", text: item } : item,
  );
  return [{ role: "user", content: typeof input === "string" ? input : content }];
}

function isStep({ type }: Fields): boolean {
  return typeof type === "string" && /_(?:call|result|input|output)$|^thought$/.test(type);
}

/** A step as a message: what has no such form is kept as data. */
function toMessage(step: unknown): Fields {
  const { type, ...fields } = fieldsOf(step);
  if (type === "user_input") return { role: "user", content: fields["content"] ?? [] };
  if (type === "model_output") return { role: "assistant", content: fields["content"] ?? [] };
  if (type === "function_result") {
    const { call_id: id, result, ...others } = fields;
    return { role: "tool", tool_call_id: id, content: result, ...others };
  }
  return { role: "assistant", content: [type === "thought" ? toThought(fields) : step] };
}

function toThought({ summary, ...others }: Fields): Fields {
  const text = listOf(summary)
    .map((part) => textOf(fieldOf(part, "text")) ?? "")
    .join("");
  return { type: "reasoning", text, ...others };
}

function readAnswer(answer: unknown): CallAnswer {
  const { steps, outputs, status, ...fields } = fieldsOf(answer);
  const made = listOf(steps).filter((step) => fieldOf(step, "type") !== "user_input");
  const said = made.length > 0 ? made.map(toMessage) : toOutput(outputs);
  const messages = said.length === 0 ? undefined : readMessages(said);
  const failure = made.map((step) => fieldOf(step, "error")).find((error) => error !== undefined);
  return {
    output: messages === undefined ? undefined : { messages },
    model: textOf(fields["model"]),
    usage: readUsage(fields["usage"]),
    attributes: {
      finishReason: status === "in_progress" ? undefined : textOf(status),
      responseId: textOf(fields["id"]),
      previousResponseId: textOf(fields["previous_interaction_id"]),
      serviceTier: textOf(fields["service_tier"]),
    },
    error:
      status === "failed"
        ? (fields["error"] ?? failure ?? "The interaction has failed.")
        : undefined,
  };
}

/** Older answers have what was made as one list. */
function toOutput(outputs: unknown): readonly Fields[] {
  const content = listOf(outputs);
  return content.length === 0 ? [] : [{ role: "assistant", content }];
}

/** What tools have read is counted beside the input, thoughts beside the output. */
function readUsage(usage: unknown): TokenUsage | undefined {
  const given = fieldsOf(usage);
  const input = numberOf(given["total_input_tokens"]);
  const counts: TokenUsage = withoutNothing({
    inputTokens:
      input === undefined ? undefined : input + (numberOf(given["total_tool_use_tokens"]) ?? 0),
    outputTokens: numberOf(given["total_output_tokens"]),
    totalTokens: numberOf(given["total_tokens"]),
    cacheReadTokens: numberOf(given["total_cached_tokens"]),
    reasoningTokens: numberOf(given["total_thought_tokens"]),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}
