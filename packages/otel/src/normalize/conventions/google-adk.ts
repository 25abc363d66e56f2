import type { SpanType } from "@rivulet/core";
import type { Convention, SpanView } from "../convention.ts";
import { valueBody } from "../convention.ts";
import type { SpanAttributes } from "../span-attributes.ts";
import { parsed } from "../span-attributes.ts";
import { fieldAt, usageOf } from "../usage-counts.ts";

const OF = "gcp.vertex.agent.";
const TYPES: readonly (readonly [RegExp, SpanType])[] = [
  [/^call_llm/, "chat_model"],
  [/^execute_tool/, "tool"],
  [/^agent_run/, "agent"],
  [/^invocation$/, "workflow"],
];

/** Google's Agent Development Kit: requests and answers as Gemini has them. */
export const googleAdk: Convention = {
  name: "Google ADK",
  roots: ["gcp"],
  scopes: /^gcp\.vertex\.agent$/,
  read: {
    type: ({ span }) => TYPES.find(([name]) => name.test(span.name))?.[1],
    input({ attributes, type }) {
      if (type === "tool") return valueBody(attributes.json(`${OF}tool_call_args`));
      return valueBody(request(attributes));
    },
    output({ attributes, type }) {
      if (type === "tool") return valueBody(attributes.json(`${OF}tool_response`));
      const response = filled(attributes, `${OF}llm_response`);
      if (response === undefined) return undefined;
      const { content, ...others } = response as Readonly<Record<string, unknown>>;
      return { value: content === undefined ? others : { candidates: [{ content }], ...others } };
    },
    model: ({ attributes }) => ({ response: modelOf(attributes) }),
    usage: ({ attributes }) =>
      usageOf(fieldAt(parsed(attributes.peek(`${OF}llm_response`)), "usage_metadata")),
    details: (view) => ({ finishReason: finishReasonOf(view) }),
    sessionId: ({ attributes }) => attributes.text(`${OF}session_id`),
  },
};

/** `{}` is how it writes that there is nothing. */
function filled(attributes: SpanAttributes, name: string): object | undefined {
  const value = parsed(attributes.peek(name));
  if (typeof value !== "object" || value === null) return undefined;
  attributes.drop(name);
  return Object.keys(value).length === 0 ? undefined : value;
}

/** What Gemini takes beside the contents is in `config`. */
function request(attributes: SpanAttributes): unknown {
  const given = filled(attributes, `${OF}llm_request`);
  const config = fieldAt(given, "config");
  if (given === undefined || typeof config !== "object" || config === null) return given;
  const { system_instruction: instructions, ...others } = config as Readonly<
    Record<string, unknown>
  >;
  return {
    ...given,
    config: others,
    ...(instructions === undefined ? {} : { system_instruction: instructions }),
  };
}

function modelOf(attributes: SpanAttributes): string | undefined {
  const model = fieldAt(parsed(attributes.peek(`${OF}llm_response`)), "model_version");
  return typeof model === "string" ? model : undefined;
}

function finishReasonOf({ attributes }: SpanView): string | undefined {
  const reason = fieldAt(parsed(attributes.peek(`${OF}llm_response`)), "finish_reason");
  return typeof reason === "string" ? reason : undefined;
}
