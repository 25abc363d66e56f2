import { reportedSearches, reportedTier, type TokenUsage } from "@rivulet/core";
import { readChatRequest, readOutput } from "../calls/chat.ts";
import type { CallAnswer, Endpoint, StreamReader } from "../calls/endpoint.ts";
import {
  type Fields,
  fieldOf,
  fieldsOf,
  listOf,
  numberOf,
  textOf,
  withoutNothing,
} from "../calls/read-value.ts";
import { itemAt, joinList, joinText, lastCounted, putItem } from "../calls/stream-parts.ts";

/** Messages. */
export const MESSAGES: Endpoint = {
  operation: "chat",
  type: "chat_model",
  request: readChatRequest,
  answer: readMessageAnswer,
  readStream: readMessageStream,
};

/** Many requests that are answered later: only that they were given. */
export const MESSAGE_BATCH: Endpoint = {
  operation: "create batch",
  type: "task",
  request: (body) => ({ input: body }),
  answer: (answer) => ({
    output: answer,
    attributes: { responseId: textOf(fieldOf(answer, "id")) },
  }),
};

function readMessageAnswer(answer: unknown): CallAnswer {
  const fields = fieldsOf(answer);
  const { role = "assistant", content, usage } = fields;
  return {
    output: readOutput({ role, content }),
    model: textOf(fields["model"]),
    usage: readUsage(usage),
    attributes: {
      finishReason: textOf(fields["stop_reason"]),
      stopSequence: textOf(fields["stop_sequence"]),
      responseId: textOf(fields["id"]),
      serviceTier: reportedTier(usage),
      ...reportedSearches({ usage }),
      stopDetails: fields["stop_details"] ?? undefined,
      appliedEdits: fieldOf(fields["context_management"], "applied_edits"),
      container: fieldOf(fields["container"], "id"),
    },
  };
}

/** Anthropic counts what it has cached beside the input, of which it is a part to everybody else. */
function readUsage(usage: unknown): TokenUsage | undefined {
  const read = sumOf(usage, "cache_read_input_tokens");
  const write = sumOf(usage, "cache_creation_input_tokens");
  const input = sumOf(usage, "input_tokens");
  const counts: TokenUsage = withoutNothing({
    inputTokens: input === undefined ? undefined : input + (read ?? 0) + (write ?? 0),
    outputTokens: sumOf(usage, "output_tokens"),
    cacheReadTokens: read,
    cacheWriteTokens: write,
    cacheWrite1hTokens: sumOf(usage, "cache_creation", "ephemeral_1h_input_tokens"),
    reasoningTokens: sumOf(usage, "output_tokens_details", "thinking_tokens"),
  });
  return Object.keys(counts).length === 0 ? undefined : counts;
}

/** A count, with what was counted where the conversation was made shorter first: the usage itself leaves that out. */
function sumOf(usage: unknown, ...path: readonly string[]): number | undefined {
  const shortened = listOf(fieldOf(usage, "iterations")).filter(
    (iteration) => fieldOf(iteration, "type") === "compaction",
  );
  const counts = [usage, ...shortened]
    .map((counted) => numberOf(path.reduce(fieldOf, counted)))
    .filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function readMessageStream(): StreamReader {
  let message: Record<string, unknown> | undefined;
  let isComplete = false;
  const blocks = new Map<number, Record<string, unknown>>();
  return {
    add(event) {
      const {
        type,
        message: given,
        index,
        delta,
        content_block: block,
        ...beside
      } = fieldsOf(event);
      const place = numberOf(index) ?? 0;
      if (type === "message_start") message = { ...fieldsOf(given) };
      else if (type === "content_block_start") putItem(blocks, place, { ...fieldsOf(block) });
      else if (type === "content_block_delta")
        return addDelta(
          itemAt(blocks, place, () => ({ type: "text" })),
          fieldsOf(delta),
        );
      else if (type === "message_delta") {
        // What it counts goes on from the start of the message.
        const { usage, ...others } = withoutNothing(beside);
        const known = message?.["usage"];
        const last = lastCounted(known, usage);
        const counted = { ...fieldsOf(known), ...withoutNothing(fieldsOf(last)) };
        message = { ...message, ...others, ...withoutNothing(fieldsOf(delta)), usage: counted };
      } else if (type === "message_stop") isComplete = true;
      return false;
    },
    answer: () =>
      message === undefined
        ? undefined
        : { ...message, content: [...blocks.values()].map(wholeBlock) },
    isComplete: () => isComplete,
    isFinal: () => isComplete,
  };
}

/** Kinds of deltas whose text goes on with a field of their block. */
const PIECES: Readonly<Record<string, string>> = {
  text_delta: "text",
  thinking_delta: "thinking",
  input_json_delta: "partial_json",
  signature_delta: "signature",
  compaction_delta: "content",
};

function addDelta(block: Record<string, unknown>, delta: Fields): boolean {
  const field = PIECES[String(delta["type"])];
  if (delta["type"] === "citations_delta") {
    block["citations"] = joinList(block["citations"], [delta["citation"]]);
  }
  if (field === undefined) return false;
  block[field] = joinText(block[field], textOf(delta[field]) ?? "");
  return field !== "signature";
}

/** Arguments come as text, in the end as JSON. */
function wholeBlock(block: Fields): Fields {
  const { partial_json: json, ...others } = block;
  return typeof json === "string" ? { ...others, input: json } : others;
}
