import { reportedCost } from "@rivulet/core";
import { readChatRequest, readOutput } from "../calls/chat.ts";
import type { CallAnswer, Endpoint } from "../calls/endpoint.ts";
import { fieldOf, fieldsOf, listOf, textOf } from "../calls/read-value.ts";
import { readCompletionStream } from "./completion-stream.ts";
import { readUsage } from "./token-usage.ts";

/** Chat completions. */
export const CHAT: Endpoint = {
  operation: "chat",
  type: "chat_model",
  request: readChatRequest,
  answer: readCompletion,
  readStream: readCompletionStream,
};

/** Completions of a text, which came before chats. */
export const COMPLETION: Endpoint = {
  operation: "complete",
  type: "llm",
  request: readChatRequest,
  answer: (answer) => ({ ...readCompletion(answer), output: textsOf(answer) }),
  readStream: readCompletionStream,
};

/** Reads a completion, and whatever looks like one. */
export function readCompletion(answer: unknown): CallAnswer {
  const fields = fieldsOf(answer);
  const choices = listOf(fields["choices"]);
  const finishReason = textOf(fieldOf(choices[0], "finish_reason"));
  return {
    output: readOutput({ choices: choices.map(withoutParsed) }),
    model: textOf(fields["model"]),
    usage: readUsage(fields["usage"]),
    cost: reportedCost(fields["usage"]),
    attributes: {
      finishReason,
      responseId: textOf(fields["id"]),
      systemFingerprint: textOf(fields["system_fingerprint"]),
      serviceTier: textOf(fields["service_tier"]),
      // OpenRouter names who has answered in the end.
      upstreamProvider: textOf(fields["provider"]),
      // Perplexity and xAI name their sources beside the answer.
      citations: filledList(fields["citations"]),
      searchResults: filledList(fields["search_results"]),
    },
    error: fields["error"],
  };
}

/** The client adds to an answer what it has parsed, which is there as text. */
function withoutParsed(choice: unknown): unknown {
  const fields = fieldsOf(choice);
  const { parsed: _, ...message } = fieldsOf(fields["message"]);
  return fields["message"] === undefined ? choice : { ...fields, message };
}

function textsOf(answer: unknown): unknown {
  const texts = listOf(fieldOf(answer, "choices")).map((choice) => fieldOf(choice, "text") ?? "");
  return texts.length === 1 ? texts[0] : texts;
}

/** `undefined` for a list of nothing. */
function filledList(value: unknown): readonly unknown[] | undefined {
  const list = listOf(value);
  return list.length === 0 ? undefined : list;
}
