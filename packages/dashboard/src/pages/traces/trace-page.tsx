import type { Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { askAssessments, askSpans, askTrace } from "../../questions/traces.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { AssessmentsPanel } from "./assessments-panel.tsx";
import { FeedbackBar } from "./feedback-bar.tsx";
import { SpanList } from "./span-list.tsx";
import { AttributesPanel, EventsPanel, SpanPanel } from "./span-panel.tsx";
import { buildTree } from "./span-tree.ts";
import { TraceFacts } from "./trace-facts.tsx";

/** One trace: its spans as tree and waterfall, and what went in and out of each. */
export function TracePage({ params: { traceId = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askTrace(traceId));
  const trace = answer.data;
  return (
    <PageFrame
      title={trace?.name ?? "Trace"}
      crumbs={[{ label: "Traces", href: paths.traces() }]}
      fill
      actions={trace === undefined ? null : <FeedbackBar traceId={trace.id} />}
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

function SplitView({
  trace,
  spans,
}: {
  trace: Trace;
  spans: Parameters<typeof buildTree>[0];
}): JSX.Element {
  const [chosen, setChosen] = useQueryState("span");
  const [tab, setTab] = useState("details");
  const nodes = useMemo(() => buildTree(spans), [spans]);
  const assessments = useQuery(askAssessments(trace.id));
  const node = nodes.find(({ span }) => span.id === chosen) ?? nodes[0];
  const spanId = node?.span.id ?? "";
  const key = { traceId: trace.id, spanId };
  return (
    <div class="split">
      <SpanList nodes={nodes} selected={spanId} onSelect={setChosen} />
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
