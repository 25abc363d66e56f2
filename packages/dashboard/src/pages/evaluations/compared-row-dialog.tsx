import type { ComparedRow, EvaluationRow } from "@rivulet/core";
import type { JSX } from "preact";
import { Modal } from "../../components/modal.tsx";
import { Payload } from "../../content/payload.tsx";
import { paths } from "../../routing/paths.ts";
import { ScoreCell } from "./row-columns.tsx";

/** One row of both sides, in full. */
export function ComparedRowDialog({
  row,
  onClose,
}: {
  row: ComparedRow;
  onClose: () => void;
}): JSX.Element {
  return (
    <Modal title={`Row ${row.rowId.slice(0, 12)}`} onClose={onClose}>
      <Payload title="Inputs" value={row.inputs} />
      {row.expectations === undefined ? null : (
        <Payload title="Expectations" value={row.expectations} />
      )}
      <div class="columns">
        <SideView title="Baseline" row={row.baseline} />
        <SideView title="Candidate" row={row.candidate} />
      </div>
    </Modal>
  );
}

function SideView({ title, row }: { title: string; row: EvaluationRow | undefined }): JSX.Element {
  if (row === undefined) {
    return (
      <section>
        <h3>{title}</h3>
        <p class="muted">Not in this one.</p>
      </section>
    );
  }
  return (
    <section>
      {row.error === undefined ? (
        <Payload title={title} value={row.output} />
      ) : (
        <>
          <h3>{title}</h3>
          <p class="plain-text tone-bad">{row.error}</p>
        </>
      )}
      <dl class="score-list">
        {row.scores.map((score) => (
          <div key={score.name}>
            <dt>{score.name}</dt>
            <dd>
              <ScoreCell score={score} />
              {score.rationale === undefined ? null : <span class="muted"> {score.rationale}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {row.traceId === undefined ? null : <a href={paths.trace(row.traceId)}>Open its trace</a>}
    </section>
  );
}
