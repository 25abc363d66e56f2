import type { JSX } from "preact";
import { lazyComponent } from "../../../components/lazy-component.tsx";
import { SpanViews } from "../tree/span-views.tsx";
import type { GraphViewProps } from "./graph-view.tsx";

const GraphView = lazyComponent<GraphViewProps>(
  async () => (await import("./graph-view.tsx")).GraphView,
);

/** The graph of a trace beside what is in its spans; its code comes when it is asked for. */
export function GraphPanel(props: GraphViewProps): JSX.Element {
  return (
    <div class="span-list">
      <div class="span-toolbar" role="toolbar" aria-label="Spans">
        <SpanViews />
        <span class="muted graph-legend">
          <span class="graph-calls" /> calls <span class="graph-sequence" /> then
        </span>
      </div>
      <GraphView {...props} />
    </div>
  );
}
