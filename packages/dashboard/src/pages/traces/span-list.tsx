import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { useVirtual } from "../../components/use-virtual.ts";
import { formatDuration } from "../../format/times.ts";
import { SpanRow } from "./span-row.tsx";
import { type SpanNode, timeRange, visibleNodes } from "./span-tree.ts";
import { treeKey } from "./tree-keys.ts";

const ROW_HEIGHT = 30;

/** The spans of a trace: a tree on the left, when each ran on the right. Only rows in view are drawn. */
export function SpanList({
  nodes,
  selected,
  onSelect,
}: {
  nodes: readonly SpanNode[];
  selected: string;
  onSelect: (id: string) => void;
}): JSX.Element {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState("");
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => visibleNodes(nodes, closed, search), [nodes, closed, search]);
  const view = useVirtual({ scroller, count: shown.length, rowHeight: ROW_HEIGHT });
  const range = timeRange(nodes, Date.now());
  const current = Math.max(
    0,
    shown.findIndex((node) => node.span.id === selected),
  );
  const toggle = (id: string): void => {
    const next = new Set(closed);
    if (!next.delete(id)) next.add(id);
    setClosed(next);
  };
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
    <div class="span-list">
      <div class="span-list-head">
        <input
          class="input"
          type="search"
          aria-label="Find a span"
          placeholder="Find a span"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <TimeAxis length={range.length} />
      </div>
      <div ref={scroller} class="span-scroll">
        <div role="tree" aria-label="Spans" onKeyDown={onKeyDown}>
          <div role="none" style={{ height: `${view.before}px` }} />
          {shown.slice(view.first, view.end).map((node, offset) => (
            <SpanRow
              key={node.span.id}
              node={node}
              index={view.first + offset}
              range={range}
              isClosed={closed.has(node.span.id)}
              isSelected={node.span.id === selected}
              isCurrent={view.first + offset === current}
              onSelect={onSelect}
              onToggle={toggle}
            />
          ))}
          <div role="none" style={{ height: `${view.after}px` }} />
        </div>
        {shown.length === 0 ? <p class="muted span-none">No span matches.</p> : null}
      </div>
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

const MARKS = [0, 0.25, 0.5, 0.75] as const;

function TimeAxis({ length }: { length: number }): JSX.Element {
  return (
    <div class="time-axis" aria-hidden="true">
      {MARKS.map((mark) => (
        <span key={mark} style={{ left: `${mark * 100}%` }}>
          {formatDuration(length * mark)}
        </span>
      ))}
    </div>
  );
}
