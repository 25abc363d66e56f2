import type { Span } from "@rivulet/core";

/** Where each span stands and how it ended, sorted: frameworks that tell time in milliseconds leave no order. */
export function outline(spans: readonly Span[]): readonly string[] {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const pathTo = ({ parentId, type, name }: Span): string => {
    const parent = byId.get(parentId ?? "");
    return `${parent === undefined ? "" : `${pathTo(parent)} > `}${type} ${name}`;
  };
  return spans.map((span) => `${pathTo(span)}: ${span.status}`).sort();
}

/** The calls of models that read so many tokens. */
export function callsWith(spans: readonly Span[], inputTokens: number): readonly Span[] {
  return spans.filter(
    ({ type, usage }) => type === "chat_model" && usage?.inputTokens === inputTokens,
  );
}
