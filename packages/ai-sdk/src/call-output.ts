import { toAnswer } from "./chat-message.ts";
import { fieldOf, listOf, numberOf, textOf } from "./read-value.ts";
import type { SdkEvent } from "./sdk-event.ts";

/** What a call gave its caller: the object, the text, or the tool calls that wait for an answer. */
export function callOutput(event: SdkEvent): unknown {
  if (event.object !== undefined) return event.object;
  if (event.embedding !== undefined) return describeVectors(event.embedding);
  if (event.ranking !== undefined) return describeRanking(event.ranking);
  const text = textOf(event.text);
  if (text !== undefined && text !== "") return text;
  const content = listOf(fieldOf(event.finalStep, "content") ?? event.content);
  return content.length === 0 ? text : { messages: [toAnswer(content)] };
}

/** Vectors are big and say nothing to a reader: their number and size are kept. */
export function describeVectors(embeddings: unknown): unknown {
  const list = listOf(embeddings);
  const [first] = list;
  return numberOf(first) === undefined
    ? { embeddings: list.length, dimensions: listOf(first).length }
    : { embeddings: 1, dimensions: list.length };
}

function describeRanking(ranking: unknown): unknown {
  return listOf(ranking).map((entry) => ({
    index: fieldOf(entry, "originalIndex") ?? fieldOf(entry, "index"),
    score: fieldOf(entry, "score") ?? fieldOf(entry, "relevanceScore"),
  }));
}
