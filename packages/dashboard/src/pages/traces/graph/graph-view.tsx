import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ScrollRegion } from "../../../components/scroll-region.tsx";
import type { SpanNode } from "../tree/span-tree.ts";
import { GraphBox } from "./graph-box.tsx";
import { type DrawnEdge, drawGraph } from "./layout.ts";
import { buildGraph } from "./span-graph.ts";

export interface GraphViewProps {
  readonly nodes: readonly SpanNode[];
  /** Id of the span whose contents are shown. */
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** What led to what: spans of one name are one box, and lines say how work went on. */
export function GraphView({ nodes, selected, onSelect }: GraphViewProps): JSX.Element {
  const graph = useMemo(() => buildGraph(nodes), [nodes]);
  const drawing = useMemo(() => drawGraph(graph), [graph]);
  const current = graph.nodes.find(({ spans }) => spans.some(({ id }) => id === selected))?.key;
  const scroller = useRef<HTMLElement>(null);
  // Whatever is selected, by a link or by hand, is in view.
  useEffect(() => {
    scroller.current
      ?.querySelector("[aria-current]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  const byKey = new Map(graph.nodes.map((node) => [node.key, node]));
  return (
    <ScrollRegion label="Graph" class="span-graph" scroller={scroller}>
      <div
        class="graph-sheet"
        style={{ width: `${drawing.width}px`, height: `${drawing.height}px` }}
      >
        <svg width={drawing.width} height={drawing.height} aria-hidden="true">
          {drawing.edges.map((drawn) => (
            <Edge key={drawn.path} drawn={drawn} current={current} />
          ))}
        </svg>
        <ul>
          {[...drawing.boxes].map(([key, at]) => {
            const node = byKey.get(key);
            if (node === undefined) return null;
            const next = graph.edges
              .filter(({ from }) => from === key)
              .map((edge) => ({ ...edge, name: byKey.get(edge.to)?.name ?? "" }));
            return (
              <li key={key} style={{ left: `${at.x}px`, top: `${at.y}px` }}>
                <GraphBox node={node} next={next} selected={selected} onSelect={onSelect} />
              </li>
            );
          })}
        </ul>
      </div>
    </ScrollRegion>
  );
}

function Edge({
  drawn: { edge, path, tip, turn, label },
  current,
}: {
  drawn: DrawnEdge;
  current: string | undefined;
}): JSX.Element {
  const count = edge.calls + edge.follows;
  const marks = [
    "graph-edge",
    ...(edge.calls === 0 ? ["is-sequence"] : []),
    ...(edge.from === current || edge.to === current ? ["is-near"] : []),
  ];
  return (
    <g class={marks.join(" ")}>
      <path d={path} />
      <path
        class="graph-tip"
        d="m-4-7 4 7 4-7z"
        transform={`translate(${tip.x} ${tip.y}) rotate(${turn})`}
      />
      {count === 1 ? null : (
        <text x={label.x} y={label.y}>
          {count} ×
        </text>
      )}
    </g>
  );
}
