import type { Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Icon } from "../../components/icon.tsx";
import { Payload } from "../../content/payload.tsx";
import { askAssessments, askSpan, askSpans } from "../../questions/traces.ts";
import { AssessmentValue } from "./assessment-value.tsx";
import { FeedbackBar } from "./feedback-bar.tsx";
import { TraceFacts } from "./trace-facts.tsx";

/** A trace in the side panel of the list: facts, what went wrong, what people and judges say, input and output. */
export function TracePreview({ trace }: { trace: Trace }): JSX.Element {
  return (
    <>
      <TraceFacts trace={trace} />
      {trace.errorPreview === undefined ? null : (
        <div class="notice tone-bad">
          <Icon name="warning" />
          <p class="plain-text">{trace.errorPreview}</p>
        </div>
      )}
      <Judgements traceId={trace.id} />
      <RootPayloads trace={trace} />
    </>
  );
}

function Judgements({ traceId }: { traceId: string }): JSX.Element {
  const assessments = useQuery(askAssessments(traceId)).data ?? [];
  return (
    <div class="judgements">
      {assessments.map((assessment) => (
        <span key={assessment.id} class="judgement" title={assessment.rationale}>
          <span class="muted">{assessment.name}</span> <AssessmentValue assessment={assessment} />
        </span>
      ))}
      <FeedbackBar traceId={traceId} />
    </div>
  );
}

/** What the root span was given and returned, whole. */
function RootPayloads({ trace }: { trace: Trace }): JSX.Element | null {
  const spans = useQuery(askSpans(trace.id)).data ?? [];
  const root = spans.find(({ parentId }) => parentId === undefined) ?? spans[0];
  const span = useQuery(root === undefined ? undefined : askSpan(trace.id, root.id)).data;
  if (span === undefined) return null;
  return (
    <>
      <Payload title="Input" value={span.input} />
      <Payload title="Output" value={span.output} />
    </>
  );
}
