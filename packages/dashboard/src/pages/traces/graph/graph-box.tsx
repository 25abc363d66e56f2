import type { JSX } from "preact";
import { formatCost, formatCount } from "../../../format/numbers.ts";
import { formatDuration } from "../../../format/times.ts";
import { SpanTypeMark } from "../span-type.tsx";
import type { GraphEdge, GraphNode } from "./span-graph.ts";

export interface GraphBoxProps {
  readonly node: GraphNode;
  /** What work goes on to from here. */
  readonly next: readonly (GraphEdge & { readonly name: string })[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Spans of one name: a press selects the first of them, and each further press the next. */
export function GraphBox({ node, next, selected, onSelect }: GraphBoxProps): JSX.Element {
  const { name, type, spans } = node;
  const at = spans.findIndex(({ id }) => id === selected);
  const onward = next.map(wordsOf).join(", ");
  return (
    <button
      type="button"
      class={at === -1 ? "graph-box" : "graph-box is-selected"}
      aria-current={at === -1 ? undefined : "true"}
      title={name}
      onClick={() => onSelect(spans[(at + 1) % spans.length]?.id ?? selected)}
    >
      <span class="graph-name">
        <SpanTypeMark type={type} />
        <span class="graph-label">{name}</span>
      </span>
      <span class="graph-sums number">
        {spans.length === 1 ? null : <span>{countWords(spans.length, at)}</span>}
        <Sums spans={spans} />
      </span>
      {onward === "" ? null : <span class="hidden-text">{`, ${onward}`}</span>}
    </button>
  );
}

function Sums({ spans }: Pick<GraphNode, "spans">): JSX.Element {
  const failed = spans.filter(({ status }) => status === "error").length;
  const isOpen = spans.some(({ endTime }) => endTime === undefined);
  const time = spans.reduce(
    (sum, span) => sum + (span.endTime ?? span.startTime) - span.startTime,
    0,
  );
  const costs = spans.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  return (
    <>
      <span>
        {formatDuration(time)}
        {isOpen ? "…" : ""}
      </span>
      {costs.length === 0 ? null : (
        <span>{formatCost(costs.reduce((sum, cost) => sum + cost))}</span>
      )}
      {failed === 0 ? null : <span class="graph-failed">{formatCount(failed)} failed</span>}
    </>
  );
}

/** "12 ×", or which of them is selected. */
function countWords(count: number, at: number): string {
  return at === -1 ? `${formatCount(count)} ×` : `${at + 1} of ${formatCount(count)}`;
}

function wordsOf({ name, calls, follows }: GraphBoxProps["next"][number]): string {
  const words = (verb: string, count: number): readonly string[] =>
    count === 0 ? [] : [`${verb} ${name}${count === 1 ? "" : ` ${count} ×`}`];
  return [...words("calls", calls), ...words("then", follows)].join(", ");
}
