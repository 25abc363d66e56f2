import { reportedCost, reportedSearches } from "@rivulet/core";
import { readChatRequest, readOutput } from "../calls/chat.ts";
import type { CallAnswer, Endpoint, StreamReader } from "../calls/endpoint.ts";
import {
  type Fields,
  fieldOf,
  fieldsOf,
  isObject,
  listOf,
  numberOf,
  textOf,
} from "../calls/read-value.ts";
import { itemAt, joinText, ownList, placeIn, putItem } from "../calls/stream-parts.ts";
import { readUsage } from "./token-usage.ts";

/** Responses. */
export const RESPONSES: Endpoint = {
  operation: "chat",
  type: "chat_model",
  request: readChatRequest,
  answer: readResponse,
  readStream: readResponseStream,
};

/** A conversation that the model makes shorter, which costs as an answer does. */
export const COMPACTION: Endpoint = {
  operation: "compact",
  type: "chat_model",
  request: readChatRequest,
  answer: readResponse,
};

function readResponse(answer: unknown): CallAnswer {
  const fields = fieldsOf(answer);
  const output = listOf(fields["output"]);
  const status = textOf(fields["status"]);
  return {
    output: output.length === 0 ? undefined : readOutput({ output: output.map(plainItem) }),
    model: textOf(fields["model"]),
    usage: readUsage(fields["usage"]),
    cost: reportedCost(fields["usage"]),
    attributes: {
      finishReason:
        textOf(fieldOf(fields["incomplete_details"], "reason")) ??
        (status === "queued" || status === "in_progress" ? undefined : status),
      responseId: textOf(fields["id"]),
      serviceTier: textOf(fields["service_tier"]),
      previousResponseId: textOf(fields["previous_response_id"]),
      ...reportedSearches({ output }),
    },
    error: status === "failed" ? (fields["error"] ?? "The response has failed.") : undefined,
  };
}

/** The client adds what it has parsed, which is there as text. */
function plainItem(item: unknown): unknown {
  const { parsed_arguments: _, ...fields } = fieldsOf(item);
  if (!Array.isArray(fields["content"])) return fields;
  return {
    ...fields,
    content: fields["content"].map((part: unknown) => {
      const { parsed: __, ...others } = fieldsOf(part);
      return others;
    }),
  };
}

/** Kinds of deltas, and the field of the item that each goes on with. */
const DELTAS: Readonly<Record<string, string>> = {
  "response.output_text.delta": "output_text",
  "response.refusal.delta": "refusal",
  "response.reasoning_text.delta": "reasoning_text",
  "response.reasoning_summary_text.delta": "summary_text",
  "response.function_call_arguments.delta": "arguments",
  "response.custom_tool_call_input.delta": "input",
};

function readResponseStream(): StreamReader {
  let response: Fields | undefined;
  let isComplete = false;
  const items = new Map<number, Record<string, unknown>>();
  return {
    add(event) {
      const { type, response: given, item, output_index: index } = fieldsOf(event);
      if (given !== undefined) response = fieldsOf(given);
      isComplete ||= /^response\.(?:completed|failed|incomplete)$/.test(String(type));
      if (type === "error") response = { ...response, status: "failed", error: event };
      if (item !== undefined) putItem(items, numberOf(index) ?? items.size, { ...fieldsOf(item) });
      const kind = DELTAS[String(type)];
      if (kind === undefined) return item !== undefined && type === "response.output_item.done";
      addDelta(items, kind, fieldsOf(event));
      return true;
    },
    answer() {
      if (isComplete || items.size === 0) return response;
      return { ...response, output: [...items.values()].map(withoutGaps) };
    },
    isComplete: () => isComplete,
    isFinal: () => isComplete,
  };
}

/** A provider may leave out numbers of parts. */
function withoutGaps(item: Fields): Fields {
  const whole: Record<string, unknown> = { ...item };
  for (const name of ["content", "summary"])
    if (Array.isArray(item[name])) whole[name] = listOf(item[name]).filter(isObject);
  return whole;
}

function addDelta(items: Map<number, Record<string, unknown>>, kind: string, event: Fields): void {
  const index = numberOf(event["output_index"]) ?? 0;
  const item = itemAt(items, index, () => ({ type: "message", role: "assistant", content: [] }));
  const delta = textOf(event["delta"]) ?? "";
  if (kind === "arguments" || kind === "input") {
    item[kind] = joinText(item[kind], delta);
    return;
  }
  const list = kind === "summary_text" ? "summary" : "content";
  const place = placeIn(event["content_index"] ?? event["summary_index"]);
  const parts = ownList(item[list]);
  const field = kind === "refusal" ? "refusal" : "text";
  const text = joinText(fieldOf(parts[place], field), delta);
  parts[place] = { ...fieldsOf(parts[place]), type: kind, [field]: text };
  item[list] = parts;
}
