import type { Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { EmptyState } from "../../components/notices.tsx";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { TRACE_WRITES } from "../../questions/bulk.ts";
import { askTraceCount, askTraces } from "../../questions/traces.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { RetentionNotice } from "../store/retention-notice.tsx";
import { TRACE_COLUMNS } from "./trace-columns.tsx";
import { TRACE_FILTER, traceCell } from "./trace-filter.ts";
import { TracePreview } from "./trace-preview.tsx";

/** All traces, or those of one experiment. */
export function TracesPage({ params: { experimentId } }: PageProps): JSX.Element {
  return <ListPage spec={TRACES} experimentId={experimentId} facts={<RetentionNotice />} />;
}

/** The list of traces. */
export const TRACES: ListSpec<Trace> = {
  list: "traces",
  title: "Traces",
  noun: "trace",
  columns: TRACE_COLUMNS,
  filter: TRACE_FILTER,
  cellFilter: traceCell,
  order: "startTime DESC",
  keyOf: ({ id }) => id,
  keyField: "id",
  nameOf: ({ name }) => name,
  hrefOf: ({ id }) => paths.trace(id),
  ask: askTraces,
  count: askTraceCount,
  bulk: TRACE_WRITES,
  panel: (trace) => <TracePreview trace={trace} />,
  actions: ({ rows, keys }) => (keys.size === 2 ? <CompareTicked rows={rows} /> : null),
  empty: <NoTraces />,
};

/** The earlier of two ticked traces is what the later is compared with. */
function CompareTicked({ rows }: { rows: readonly Trace[] }): JSX.Element | null {
  const [a, b] = [...rows].sort((one, other) => one.startTime - other.startTime);
  if (a === undefined || b === undefined) return null;
  return (
    <a class="button" href={paths.compareTraces(a.id, b.id)}>
      Compare 2 traces
    </a>
  );
}

function NoTraces(): JSX.Element {
  return (
    <EmptyState
      title="No traces yet."
      code={`await rivulet.withSpan("answer", async (span) => {
  span.setInput(question);
  span.setOutput(await answer(question));
});`}
    >
      <p class="muted">
        Or pass <code>new RivuletCallbackHandler(rivulet)</code> to LangChain, or import{" "}
        <code>@rivulet/ai-sdk/register</code>.
      </p>
    </EmptyState>
  );
}
