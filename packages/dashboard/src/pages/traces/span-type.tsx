import type { SpanType } from "@rivulet/core";
import type { JSX } from "preact";
import { lookUp } from "../../format/look-up.ts";

/** A letter and a word for each kind of work. */
const TYPES: Readonly<Record<SpanType, readonly [mark: string, word: string]>> = {
  llm: ["M", "Model"],
  chat_model: ["M", "Chat model"],
  chain: ["C", "Chain"],
  agent: ["A", "Agent"],
  tool: ["T", "Tool"],
  retriever: ["R", "Retriever"],
  embedding: ["E", "Embedding"],
  reranker: ["R", "Reranker"],
  parser: ["P", "Parser"],
  memory: ["Y", "Memory"],
  workflow: ["W", "Workflow"],
  task: ["K", "Task"],
  guardrail: ["G", "Guardrail"],
  evaluator: ["V", "Evaluator"],
  unknown: ["S", "Span"],
};

/** A newer server may know more of them. */
function markOf(type: SpanType): readonly [mark: string, word: string] {
  return lookUp(TYPES, type) ?? ["S", type];
}

/** The kind of a span as a coloured letter. */
export function SpanTypeMark({ type }: { type: SpanType }): JSX.Element {
  const [mark, word] = markOf(type);
  return (
    <span class={`span-type type-${type}`} title={word}>
      <span aria-hidden="true">{mark}</span>
      <span class="hidden-text">{word}</span>
    </span>
  );
}

/** The kind of a span as a word. */
export function spanTypeWord(type: SpanType): string {
  return markOf(type)[1];
}
