import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useVirtual } from "../../../components/use-virtual.ts";
import { Resizer, useWidth } from "../resizer.tsx";
import { SpanRow } from "./span-row.tsx";
import { SpanToolbar } from "./span-toolbar.tsx";
import type { SpanNode } from "./span-tree.ts";
import { TimeAxis } from "./time-axis.tsx";
import { treeKey } from "./tree-keys.ts";
import { type OpenTree, useOpenTree } from "./use-open-tree.ts";
import { useTiming } from "./use-timing.ts";

const ROW_HEIGHT = 30;

export interface SpanListProps {
  readonly traceId: string;
  readonly nodes: readonly SpanNode[];
  /** Id of the span whose contents are shown. */
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** The spans of a trace: a tree on the left, when each ran on the right. Only rows in view are drawn. */
export function SpanList(props: SpanListProps): JSX.Element {
  const { nodes, selected, onSelect } = props;
  const list = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useWidth("rivulet-span-names", NAMES);
  const timing = useTiming(nodes);
  const tree = useOpenTree(props);
  const sums = useMemo(() => sumColumns(nodes), [nodes]);
  return (
    <div
      ref={list}
      class="span-list"
      style={{ "--names": `${width.value}%`, "--sums": sums }}
      {...timing.zoom.handlers}
    >
      <SpanToolbar tree={tree} timing={timing} selected={selected} onSelect={onSelect} />
      <div class="span-list-head">
        <div class="span-name">
          <Resizer label="Width of the names" of={list} width={width} onWidth={setWidth} />
        </div>
        <TimeAxis scale={timing.drawing.scale} zoom={timing.zoom} />
        <span class="span-sum span-time">Time</span>
        <span class="span-sum span-tokens">Tokens</span>
        <span class="span-sum span-cost">Cost</span>
      </div>
      <Rows tree={tree} timing={timing} selected={selected} onSelect={onSelect} />
    </div>
  );
}

const NAMES = { value: 44, least: 15, most: 75 };

/** Columns of tokens and cost are there where a span has any. */
function sumColumns(nodes: readonly SpanNode[]): string {
  const hasTokens = nodes.some(({ span }) => span.usage !== undefined);
  const hasCost = nodes.some(({ span }) => span.cost !== undefined);
  return `62px ${hasTokens ? "54px" : "0"} ${hasCost ? "62px" : "0"}`;
}

function Rows({
  tree,
  timing,
  selected,
  onSelect,
}: {
  tree: OpenTree;
  timing: ReturnType<typeof useTiming>;
  selected: string;
  onSelect: (id: string) => void;
}): JSX.Element {
  const { shown, closed, toggle } = tree;
  const scroller = useRef<HTMLDivElement>(null);
  const view = useVirtual({ scroller, count: shown.length, rowHeight: ROW_HEIGHT });
  const at = shown.findIndex((node) => node.span.id === selected);
  const current = Math.max(0, at);
  // Whatever is selected, by a link or by hand, is in view.
  useEffect(() => {
    if (at >= 0) view.scrollTo(at);
  }, [selected, at >= 0]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const action = treeKey(event, { shown, current, closed });
    if (action === undefined) return;
    event.preventDefault();
    if (action.toggle !== undefined) toggle(action.toggle);
    if (action.focus === undefined) return;
    onSelect(shown[action.focus]?.span.id ?? selected);
    view.scrollTo(action.focus);
    focusRow(scroller.current, action.focus);
  };
  return (
    <div ref={scroller} class="span-scroll">
      <div role="tree" aria-label="Spans" onKeyDown={onKeyDown}>
        <div role="none" style={{ height: `${view.before}px` }} />
        {shown.slice(view.first, view.end).map((node, offset) => (
          <SpanRow
            key={node.span.id}
            node={node}
            index={view.first + offset}
            drawing={timing.drawing}
            isClosed={closed.has(node.span.id)}
            isSelected={node.span.id === selected}
            isCurrent={view.first + offset === current}
            isFound={tree.foundSet.has(node.span.id)}
            onSelect={onSelect}
            onToggle={toggle}
          />
        ))}
        <div role="none" style={{ height: `${view.after}px` }} />
      </div>
      {shown.length === 0 ? <p class="muted span-none">No span matches.</p> : null}
    </div>
  );
}

/** Focuses a row once it is drawn: a row out of view comes with the next frame. */
function focusRow(scroller: HTMLElement | null, index: number, tries = 5): void {
  requestAnimationFrame(() => {
    const row = scroller?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    if (row !== null && row !== undefined) row.focus({ preventScroll: true });
    else if (tries > 0) focusRow(scroller, index, tries - 1);
  });
}
