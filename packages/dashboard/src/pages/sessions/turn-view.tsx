import type { Assessment, SessionTurn, Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Icon } from "../../components/icon.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { ChatView } from "../../content/chat-view.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { paths } from "../../routing/paths.ts";
import { AssessmentValue } from "../traces/assessment-value.tsx";
import { describeUsage, totalTokens } from "../traces/token-usage.ts";
import { talkOf } from "./conversation.ts";

/** One turn: what was said, what it took, and what was thought of it. */
export function TurnView({
  turn,
  before,
  number,
}: {
  turn: SessionTurn;
  /** The turn that came before it in time. */
  before: SessionTurn | undefined;
  /** Its place in the conversation, from 1. */
  number: number;
}): JSX.Element {
  const { trace, assessments } = turn;
  const { said, repeated } = useMemo(() => talkOf(turn, before), [turn, before]);
  return (
    <article aria-label={`Turn ${number}`}>
      <TurnFacts trace={trace} number={number} />
      {repeated.length === 0 ? null : (
        <details class="repeated">
          <summary class="muted">
            {repeated.length === 1 ? "1 message" : `${formatCount(repeated.length)} messages`} sent
            again
          </summary>
          <ChatView messages={repeated} />
        </details>
      )}
      <ChatView messages={said} />
      {trace.errorPreview === undefined ? null : (
        <p class="turn-error tone-bad">
          <Icon name="warning" /> {trace.errorPreview}
        </p>
      )}
      <TurnFeedback assessments={assessments} />
    </article>
  );
}

function TurnFacts({ trace, number }: { trace: Trace; number: number }): JSX.Element {
  const tokens = totalTokens(trace.usage);
  return (
    <header class="turn-facts">
      <a href={paths.trace(trace.id)}>
        <span class="number">{number}</span> {trace.name}
      </a>
      {trace.status === "ok" ? null : <StatusBadge status={trace.status} />}
      <span class="muted">
        <Age time={trace.startTime} />
      </span>
      <Duration start={trace.startTime} end={trace.endTime} />
      {tokens === undefined ? null : (
        <span class="number" title={describeUsage(trace.usage)}>
          {formatCount(tokens)} tokens
        </span>
      )}
      {trace.cost === undefined ? null : <span class="number">{formatCost(trace.cost)}</span>}
    </header>
  );
}

function TurnFeedback({ assessments }: { assessments: readonly Assessment[] }): JSX.Element | null {
  const feedback = assessments.filter(({ kind }) => kind === "feedback");
  if (feedback.length === 0) return null;
  return (
    <ul class="turn-feedback">
      {feedback.map((assessment) => (
        <li key={assessment.id}>
          <span class="muted">{assessment.name}</span> <AssessmentValue assessment={assessment} />
          {assessment.rationale === undefined ? null : <span> {assessment.rationale}</span>}
        </li>
      ))}
    </ul>
  );
}
