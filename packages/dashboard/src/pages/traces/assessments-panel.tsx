import type { Assessment, AssessmentSource, SpanSkeleton } from "@rivulet/core";
import type { JSX } from "preact";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import type { Answer } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Chip } from "../../components/chips.tsx";
import { Icon } from "../../components/icon.tsx";
import { EmptyState, ErrorNotice } from "../../components/notices.tsx";
import { Age } from "../../components/time.tsx";
import { deleteAssessment } from "../../questions/traces.ts";
import { paths } from "../../routing/paths.ts";
import { AssessmentValue } from "./assessment-value.tsx";

const SOURCES: Readonly<Record<AssessmentSource, string>> = {
  human: "Person",
  llm_judge: "Judge",
  code: "Code",
};

/** What was said of a trace and its spans. */
export function AssessmentsPanel({
  answer,
  spans,
}: {
  answer: Answer<readonly Assessment[]>;
  spans: readonly SpanSkeleton[];
}): JSX.Element {
  return (
    <Answered answer={answer}>
      {(assessments) =>
        assessments.length === 0 ? (
          <EmptyState
            title="Nobody has judged this trace yet."
            code="await rivulet.traces.logFeedback({ traceId, value: true });"
          />
        ) : (
          <ul class="assessments">
            {assessments.map((assessment) => (
              <AssessmentCard key={assessment.id} assessment={assessment} spans={spans} />
            ))}
          </ul>
        )
      }
    </Answered>
  );
}

function AssessmentCard({
  assessment,
  spans,
}: {
  assessment: Assessment;
  spans: readonly SpanSkeleton[];
}): JSX.Element {
  const { spanId, traceId } = assessment;
  const span = spans.find(({ id }) => id === spanId);
  return (
    <li class="card">
      <div class="card-title">
        <strong>{assessment.name}</strong>
        <AssessmentValue assessment={assessment} />
        {assessment.kind === "expectation" ? <Chip>expectation</Chip> : null}
        <DeleteButton assessment={assessment} />
      </div>
      {assessment.rationale === undefined ? null : <p class="plain-text">{assessment.rationale}</p>}
      {assessment.error === undefined ? null : (
        <p class="tone-bad plain-text">{assessment.error}</p>
      )}
      <p class="muted">
        {SOURCES[assessment.source]}
        {assessment.sourceId === undefined ? "" : ` ${assessment.sourceId}`} ·{" "}
        <Age time={assessment.createdAt} />
        {span === undefined ? null : (
          <>
            {" "}
            · on <a href={paths.trace(traceId, span.id)}>{span.name}</a>
          </>
        )}
      </p>
    </li>
  );
}

function DeleteButton({ assessment }: { assessment: Assessment }): JSX.Element | null {
  const canAnnotate = useCan("annotate");
  const action = useAction(deleteAssessment);
  if (!canAnnotate) return null;
  return (
    <>
      <button
        type="button"
        class="icon-button at-end"
        title="Delete"
        disabled={action.isRunning}
        onClick={() => void action.run(assessment.id)}
      >
        <Icon name="cross" />
        <span class="hidden-text">Delete {assessment.name}</span>
      </button>
      {action.error === null ? null : <ErrorNotice error={action.error} />}
    </>
  );
}
