import type { SpanType } from "@rivulet/core";
import type { Body, Convention, SpanView } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { toMessages, withInstructions } from "../conversation.ts";
import { numberOf, parsed } from "../span-attributes.ts";
import { fieldAt, usageOf } from "../usage-counts.ts";

const ASKED = /^(?:Responses API|Chat [Cc]ompletion|Completion|Message|streaming response)/;

/** Logfire's instrumentations, and Pydantic AI. */
export const logfire: Convention = {
  name: "Logfire and Pydantic AI",
  roots: ["logfire", "pydantic_ai", "model_request_parameters", "all_messages_events"],
  scopes: /^(?:logfire|pydantic-ai|pydantic_ai)/,
  events: /^$/,
  read: {
    type: typeOf,
    name: ({ attributes, span, type }) => {
      if (type === "guardrail" || /^Function: /.test(span.name)) return attributes.text("name");
      return attributes.text("logfire.msg");
    },
    input: (view) => readEvents(view)?.input ?? readInput(view),
    output: (view) => readEvents(view)?.output ?? readOutput(view),
    usage: ({ attributes }) => usageOf(parsed(attributes.peek("usage"))),
    cost: ({ attributes }) => attributes.number("operation.cost"),
    model: ({ attributes }) => ({ request: attributes.text("model_name") }),
    details: ({ attributes, type }) => ({
      agentName:
        attributes.text("agent_name") ?? (type === "agent" ? attributes.text("name") : undefined),
      responseId: attributes.text("response_id"),
    }),
    outcome({ attributes }) {
      const message = fieldAt(parsed(attributes.peek("error")), "message");
      return typeof message === "string" ? { message } : undefined;
    },
  },
};

function typeOf({ attributes, span }: SpanView): SpanType | undefined {
  const { name } = span;
  if (/^Guardrail /.test(name)) return "guardrail";
  if (/^Function: /.test(name)) return "tool";
  if (/^(?:Agent run|agent run)/.test(name)) return "agent";
  if (/^(?:Turn|Task|Handoff)\b/.test(name)) return "task";
  if (ASKED.test(name)) return "chat_model";
  if (attributes.peek("pydantic_ai.all_messages") ?? attributes.peek("all_messages_events"))
    return "agent";
  return undefined;
}

interface Conversation {
  readonly input: Body | undefined;
  readonly output: Body | undefined;
}

/** All messages as one list: what stands last of the assistant is the answer. */
function readEvents({ attributes, span }: SpanView): Conversation | undefined {
  const name = ["events", "all_messages_events", "pydantic_ai.all_messages"].find(
    (known) => attributes.peek(known) !== undefined,
  );
  if (name === undefined) return undefined;
  const given = parsed(attributes.peek(name));
  if (!Array.isArray(given)) return undefined;
  attributes.drop(name, "final_result");
  const first = answerAt(given);
  const instructions = span.attributes["gen_ai.system_instructions"];
  const input = toMessages(given.slice(0, first).map(readEvent), "user");
  const output = toMessages(given.slice(first).map(readEvent), "assistant");
  return {
    input: input.length === 0 ? undefined : { messages: withInstructions(input, instructions) },
    output: output.length === 0 ? undefined : { messages: output },
  };
}

/** Where the answer begins: the last messages that the assistant says in a row. */
function answerAt(events: readonly unknown[]): number {
  let first = events.length;
  while (first > 0 && isAnswer(events[first - 1])) first--;
  return first;
}

function isAnswer(event: unknown): boolean {
  const role = fieldAt(event, "role") ?? fieldAt(event, "message.role");
  return role === "assistant" || role === "model" || fieldAt(event, "message") !== undefined;
}

function readEvent(event: unknown): unknown {
  if (typeof event !== "object" || event === null) return event;
  const {
    "event.name": _,
    message,
    id,
    data,
    ...fields
  } = event as Readonly<Record<string, unknown>>;
  if (message !== undefined) return message;
  // A call of a tool that runs at the provider's.
  if (data !== undefined) return { role: "assistant", content: [data] };
  return id === undefined || fields["role"] !== "tool" ? fields : { ...fields, tool_call_id: id };
}

function readInput({ attributes, type }: SpanView): Body | undefined {
  if (type === "tool") {
    const parameters = readParameters(attributes.below("code.function.parameters."));
    return valueBody(attributes.json("tool_arguments", "input") ?? parameters);
  }
  const request = parsed(attributes.peek("request_data"));
  if (fieldAt(request, "messages") !== undefined || fieldAt(request, "input") !== undefined) {
    return { value: attributes.json("request_data") };
  }
  return valueBody(attributes.json("prompt", "input", "raw_input"));
}

/** `location.value` and `location.type` → `{ location }`. */
function readParameters(
  below: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (below === undefined) return undefined;
  const values = Object.entries(below).filter(([name]) => name.endsWith(".value"));
  return Object.fromEntries(
    values.map(([name, value]) => [name.slice(0, -".value".length), value]),
  );
}

function readOutput({ attributes, type }: SpanView): Body | undefined {
  if (type === "tool")
    return valueBody(attributes.json("tool_response", "output", "code.function.return.value"));
  const response = parsed(attributes.peek("response_data"));
  if (typeof response === "object" && response !== null) {
    const { usage, ...answer } = attributes.json("response_data") as { readonly usage?: unknown };
    return { value: numberOf(usage) === undefined ? answer : { usage, ...answer } };
  }
  return valueBody(attributes.json("final_result", "output"));
}
