import type { Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { Neighbours } from "../../lists/neighbours.tsx";
import { askAssessments, askSpans, askTrace } from "../../questions/traces.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { AssessmentsPanel } from "./assessments-panel.tsx";
import { GraphPanel } from "./graph/graph-panel.tsx";
import { Resizer, useWidth } from "./resizer.tsx";
import { AttributesPanel, EventsPanel, JsonPanel, SpanPanel } from "./span/span-panel.tsx";
import { TraceActions } from "./trace-actions.tsx";
import { TraceFacts } from "./trace-facts.tsx";
import { TRACES } from "./traces-page.tsx";
import { SpanList } from "./tree/span-list.tsx";
import { buildTree } from "./tree/span-tree.ts";
import { useSpanView } from "./tree/span-views.tsx";

/** One trace: its spans as tree and waterfall, and what went in and out of each. */
export function TracePage({ params: { traceId = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askTrace(traceId));
  const trace = answer.data;
  return (
    <PageFrame
      title={trace?.name ?? "Trace"}
      crumbs={[{ label: "Traces", href: paths.scoped("traces") }]}
      fill
      actions={
        <>
          {trace === undefined ? null : <TraceActions trace={trace} />}
          <Neighbours spec={TRACES} current={traceId} />
        </>
      }
      facts={trace === undefined ? null : <TraceFacts trace={trace} />}
    >
      <Answered answer={answer}>{(loaded) => <Spans trace={loaded} />}</Answered>
    </PageFrame>
  );
}

function Spans({ trace }: { trace: Trace }): JSX.Element {
  const answer = useQuery(askSpans(trace.id));
  return (
    <Answered answer={answer}>
      {(spans) =>
        spans.length === 0 ? (
          <EmptyState title="No span of this trace has arrived yet." />
        ) : (
          <SplitView trace={trace} spans={spans} />
        )
      }
    </Answered>
  );
}

const TREE = { value: 54, least: 25, most: 75 };

function SplitView({
  trace,
  spans,
}: {
  trace: Trace;
  spans: Parameters<typeof buildTree>[0];
}): JSX.Element {
  const [chosen, setChosen] = useQueryState("span");
  const [tab, setTab] = useQueryState("tab", "details");
  const [isGraph] = useSpanView();
  const nodes = useMemo(() => buildTree(spans), [spans]);
  const assessments = useQuery(askAssessments(trace.id));
  const node = nodes.find(({ span }) => span.id === chosen) ?? nodes[0];
  const spanId = node?.span.id ?? "";
  const key = { traceId: trace.id, spanId };
  const split = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useWidth("rivulet-trace-tree", TREE);
  return (
    <div ref={split} class="split" style={{ "--tree": `${width.value}%` }}>
      {isGraph ? (
        <GraphPanel nodes={nodes} selected={spanId} onSelect={setChosen} />
      ) : (
        <SpanList traceId={trace.id} nodes={nodes} selected={spanId} onSelect={setChosen} />
      )}
      <Resizer label="Width of the tree" of={split} width={width} onWidth={setWidth} />
      <div class="split-side">
        <Tabs
          label="Parts of the span"
          current={tab}
          onChange={setTab}
          tabs={[
            { key: "details", label: "Details", panel: () => <SpanPanel {...key} /> },
            {
              key: "attributes",
              label: "Attributes",
              panel: () => <AttributesPanel {...key} metadata={trace.metadata} />,
            },
            { key: "events", label: "Events", panel: () => <EventsPanel {...key} /> },
            { key: "json", label: "JSON", panel: () => <JsonPanel {...key} /> },
            {
              key: "assessments",
              label: "Assessments",
              count: assessments.data?.length ?? 0,
              panel: () => <AssessmentsPanel answer={assessments} spans={spans} />,
            },
          ]}
        />
      </div>
    </div>
  );
}
