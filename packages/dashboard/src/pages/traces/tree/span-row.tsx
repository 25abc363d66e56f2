import type { SpanSkeleton } from "@rivulet/core";
import type { JSX } from "preact";
import { Icon } from "../../../components/icon.tsx";
import { StatusIcon } from "../../../components/status.tsx";
import { formatCost, formatCount } from "../../../format/numbers.ts";
import { formatDuration } from "../../../format/times.ts";
import { SpanTypeMark } from "../span-type.tsx";
import { totalTokens } from "../token-usage.ts";
import { type Drawing, SpanBar } from "./span-bar.tsx";
import type { SpanNode } from "./span-tree.ts";

/** Levels that are indented; deeper ones say how deep they are. */
const INDENTED = 8;

export interface SpanRowProps {
  readonly node: SpanNode;
  readonly index: number;
  readonly drawing: Drawing;
  readonly isClosed: boolean;
  readonly isSelected: boolean;
  /** This row takes the focus when the tree does. */
  readonly isCurrent: boolean;
  /** What is looked for is in this span. */
  readonly isFound: boolean;
  readonly onSelect: (id: string) => void;
  readonly onToggle: (id: string) => void;
}

/** One span of the list. */
export function SpanRow(props: SpanRowProps): JSX.Element {
  const { node, index, drawing, isClosed, isSelected, isCurrent, isFound, onSelect } = props;
  const { span } = node;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it handles the keys
    <div
      role="treeitem"
      class={isSelected ? "span-row is-selected" : "span-row"}
      data-index={index}
      aria-level={node.level}
      aria-posinset={node.position}
      aria-setsize={node.siblings}
      aria-selected={isSelected}
      aria-expanded={node.childCount === 0 ? undefined : !isClosed}
      tabIndex={isCurrent ? 0 : -1}
      onClick={() => onSelect(span.id)}
    >
      <div class="span-name" style={{ "--depth": Math.min(node.level, INDENTED) - 1 }}>
        <Toggle {...props} />
        <SpanTypeMark type={span.type} />
        {node.level > INDENTED ? (
          <span class="span-level" title={`Level ${node.level}`} aria-hidden="true">
            {node.level}
          </span>
        ) : null}
        <span class={isFound ? "span-label is-found" : "span-label"} title={span.name}>
          {span.name}
        </span>
        {span.status === "ok" ? null : <StatusIcon status={span.status} />}
        {drawing.path?.has(span.id) === true ? (
          <span class="hidden-text">On the critical path</span>
        ) : null}
      </div>
      <SpanBar span={span} drawing={drawing} />
      <Sums span={span} now={drawing.scale.end} />
    </div>
  );
}

/** For the mouse; the keyboard uses the arrow keys. */
function Toggle({ node, isClosed, onToggle }: SpanRowProps): JSX.Element {
  if (node.childCount === 0) return <span class="span-toggle" />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a control inside a tree item would be one focus stop too many
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys do the same
    <span
      class={isClosed ? "span-toggle" : "span-toggle is-open"}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(node.span.id);
      }}
    >
      <Icon name="chevron" />
    </span>
  );
}

/** What a span took: time, tokens, money. */
function Sums({ span, now }: { span: SpanSkeleton; now: number }): JSX.Element {
  const { startTime, endTime, usage, cost, uncounted } = span;
  const tokens = usage === undefined ? undefined : totalTokens(usage);
  const why = uncounted === undefined ? undefined : UNCOUNTED[uncounted];
  const duration = formatDuration(Math.max(0, (endTime ?? now) - startTime));
  return (
    <>
      <span class="span-sum span-time">{endTime === undefined ? `${duration}…` : duration}</span>
      <span class="span-sum span-tokens" title={why}>
        {tokens === undefined ? null : (
          <>
            {formatCount(tokens)}
            <span class="hidden-text"> tokens</span>
          </>
        )}
      </span>
      <span class="span-sum span-cost" title={why}>
        {cost === undefined ? null : formatCost(cost)}
      </span>
    </>
  );
}

const UNCOUNTED: Readonly<Record<"repeated" | "judge", string>> = {
  repeated: "Counted at the spans below",
  judge: "Of a scorer: in no total",
};
