import type { SpanType } from "@rivulet/core";
import type { Convention } from "../convention.ts";
import { tagsOf } from "../tags.ts";

const KINDS: Readonly<Record<string, SpanType>> = {
  llm: "chat_model",
  chain: "chain",
  tool: "tool",
  retriever: "retriever",
  embedding: "embedding",
  prompt: "chain",
  parser: "parser",
};
const METADATA = "langsmith.metadata.";

/** LangSmith's SDKs with OpenTelemetry switched on. Bodies and usage are written as OpenTelemetry's. */
export const langsmith: Convention = {
  name: "LangSmith",
  roots: ["langsmith"],
  read: {
    type: ({ attributes }) => attributes.oneOf(KINDS, "langsmith.span.kind"),
    model: ({ attributes }) => ({ request: attributes.text(`${METADATA}ls_model_name`) }),
    provider: ({ attributes }) => attributes.text(`${METADATA}ls_provider`),
    sessionId: ({ attributes }) =>
      attributes.text(
        `${METADATA}session_id`,
        `${METADATA}thread_id`,
        `${METADATA}conversation_id`,
      ),
    userId: ({ attributes }) => attributes.text(`${METADATA}user_id`),
    tags: ({ attributes }) =>
      tagsOf(attributes.words("langsmith.span.tags")?.flatMap((words) => words.split(/,\s*/))),
  },
};
