import type { EvaluationRow } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { Icon } from "../../components/icon.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { Modal } from "../../components/modal.tsx";
import { Steps } from "../../components/steps.tsx";
import { Payload } from "../../content/payload.tsx";
import { paths } from "../../routing/paths.ts";
import { ScoreCell } from "./row-columns.tsx";

/** With the pages of traces, which most readers of a row never open. */
const FeedbackBar: FunctionComponent<{ traceId: string }> = lazyComponent(
  async () => (await import("../traces/feedback-bar.tsx")).FeedbackBar,
);

/** One row of an evaluation, in full. */
export function RowDialog({
  row,
  index,
  count,
  onStep,
  onClose,
}: {
  row: EvaluationRow;
  /** Its place among those in view, from 0. */
  index: number;
  count: number;
  onStep: (index: number) => void;
  onClose: () => void;
}): JSX.Element {
  return (
    <Modal title={`Row ${row.rowId.slice(0, 12)}`} class="modal-wide" onClose={onClose}>
      <Steps index={index} count={count} onStep={onStep} />
      {row.error === undefined ? null : (
        <div class="notice tone-bad">
          <Icon name="warning" />
          <p class="plain-text">{row.error}</p>
        </div>
      )}
      <Payload title="Inputs" value={row.inputs} />
      <Payload title="Output" value={row.output} />
      <Payload title="Expectations" value={row.expectations} />
      <h3>Scores</h3>
      <ul class="assessments">
        {row.scores.map((score) => (
          <li key={score.name} class="card">
            <div class="card-title">
              <strong>{score.name}</strong> <ScoreCell score={score} />
            </div>
            {score.rationale === undefined ? null : <p class="plain-text">{score.rationale}</p>}
            {score.error === undefined ? null : <p class="plain-text tone-bad">{score.error}</p>}
          </li>
        ))}
      </ul>
      {row.traceId === undefined ? null : (
        <div class="labelled">
          <FeedbackBar key={row.traceId} traceId={row.traceId} />
          <a href={paths.trace(row.traceId)}>Open its trace</a>
        </div>
      )}
    </Modal>
  );
}
