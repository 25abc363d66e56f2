import type { Span } from "@rivulet/core";
import { lookUp } from "../../../format/look-up.ts";
import { spanTypeWord } from "../span-type.tsx";
import type { SpanNode } from "./span-tree.ts";

/** Words by which people look for a status. */
const STATUS_WORDS: Readonly<Record<string, string>> = {
  error: "error failed",
  in_progress: "in progress running",
};

/** What can be read in the contents of spans, by the spans' ids. */
export type SpanContents = ReadonlyMap<string, string>;

/** Ids of the spans that a text is found in, in the order of the tree. */
export function findSpans(
  nodes: readonly SpanNode[],
  text: string,
  contents?: SpanContents,
): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  return nodes
    .filter(
      (node) =>
        words(node).includes(wanted) || contents?.get(node.span.id)?.includes(wanted) === true,
    )
    .map(({ span }) => span.id);
}

/** What a span is called, what kind it is, how it ended and who answered. */
function words({ span }: SpanNode): string {
  const { name, id, type, status, statusMessage = "", model = "", provider = "" } = span;
  const prompts = (span.prompts ?? []).map((prompt) => `${prompt.name} v${prompt.version}`);
  return [
    name,
    id,
    type,
    spanTypeWord(type),
    lookUp(STATUS_WORDS, status) ?? status,
    statusMessage,
    model,
    provider,
    ...prompts,
  ]
    .join("\n")
    .toLowerCase();
}

/** Everything in the contents of spans as text. */
export function readContents(spans: readonly Span[]): SpanContents {
  return new Map(
    spans.map(({ id, input, output, attributes, events }) => [
      id,
      JSON.stringify([input, output, attributes, events]).toLowerCase(),
    ]),
  );
}

/** Spans and everything above them. */
export function withAncestors(
  nodes: readonly SpanNode[],
  ids: readonly string[],
): ReadonlySet<string> {
  const parents = new Map(nodes.map((node) => [node.span.id, node.parentId]));
  const all = new Set<string>();
  for (const found of ids) {
    let id: string | undefined = found;
    while (id !== undefined && !all.has(id)) {
      all.add(id);
      id = parents.get(id);
    }
  }
  return all;
}
