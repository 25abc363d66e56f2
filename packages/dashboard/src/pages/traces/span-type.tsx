import type { SpanType } from "@rivulet/core";
import type { JSX } from "preact";

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

/** The kind of a span as a coloured letter. */
export function SpanTypeMark({ type }: { type: SpanType }): JSX.Element {
  const [mark, word] = TYPES[type];
  return (
    <span class={`span-type type-${type}`} title={word}>
      <span aria-hidden="true">{mark}</span>
      <span class="hidden-text">{word}</span>
    </span>
  );
}

/** The kind of a span as a word. */
export function spanTypeWord(type: SpanType): string {
  return TYPES[type][1];
}
