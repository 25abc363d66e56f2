import type { JSX } from "preact";
import { Icon } from "../../components/icon.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { formatCount } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import type { SpanNode } from "./span-tree.ts";
import { SpanTypeMark } from "./span-type.tsx";
import { totalTokens } from "./token-usage.ts";

export interface SpanRowProps {
  readonly node: SpanNode;
  readonly index: number;
  readonly range: { readonly start: number; readonly length: number };
  readonly isClosed: boolean;
  readonly isSelected: boolean;
  /** This row takes the focus when the tree does. */
  readonly isCurrent: boolean;
  readonly onSelect: (id: string) => void;
  readonly onToggle: (id: string) => void;
}

/** One span of the list. */
export function SpanRow(props: SpanRowProps): JSX.Element {
  const { node, index, isClosed, isSelected, isCurrent, onSelect } = props;
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
      <div class="span-name" style={{ paddingInlineStart: `${(node.level - 1) * 16}px` }}>
        <Toggle {...props} />
        <SpanTypeMark type={span.type} />
        <span class="span-label">{span.name}</span>
        {span.status === "ok" ? null : <StatusIcon status={span.status} />}
        <Tokens node={node} />
      </div>
      <Bar {...props} />
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

function Tokens({ node: { span } }: { node: SpanNode }): JSX.Element | null {
  const total = span.usage === undefined ? undefined : totalTokens(span.usage);
  return total === undefined ? null : (
    <span class="span-tokens muted">{formatCount(total)} tok</span>
  );
}

function Bar({ node: { span }, range }: SpanRowProps): JSX.Element {
  const end = span.endTime ?? range.start + range.length;
  const left = (span.startTime - range.start) / range.length;
  const width = (end - span.startTime) / range.length;
  const isLate = left + width > 0.82;
  const words = span.endTime === undefined ? "…" : formatDuration(end - span.startTime);
  return (
    <div class="span-track">
      <div
        class={`span-bar type-${span.type} ${span.status === "error" ? "is-error" : ""}`}
        style={{ left: `${left * 100}%`, width: `max(3px, ${width * 100}%)` }}
      />
      <span
        class={isLate ? "span-time is-before" : "span-time"}
        style={isLate ? { right: `${(1 - left) * 100}%` } : { left: `${(left + width) * 100}%` }}
      >
        {words}
      </span>
    </div>
  );
}
