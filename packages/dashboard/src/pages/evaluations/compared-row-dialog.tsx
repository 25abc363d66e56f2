import type { ComparedRow, ComparedSide, EvaluationRow, JsonValue } from "@rivulet/core";
import type { ComponentChildren, FunctionComponent, JSX } from "preact";
import { type Answer, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { Modal } from "../../components/modal.tsx";
import { Payload } from "../../content/payload.tsx";
import type { TextDiffProps } from "../../content/text-diff.tsx";
import { askEvaluationRow } from "../../questions/evaluations.ts";
import { paths } from "../../routing/paths.ts";
import { ScoreCell } from "./row-columns.tsx";

const TextDiff: FunctionComponent<TextDiffProps> = lazyComponent(
  async () => (await import("../../content/text-diff.tsx")).TextDiff,
);

/** One row of both sides, in full. */
export function ComparedRowDialog({
  row: { rowId, baseline, candidate },
  evaluationIds: [baselineId, candidateId],
  steps,
  onClose,
}: {
  row: ComparedRow;
  evaluationIds: readonly [baseline: string, candidate: string];
  /** To the rows before and after. */
  steps: ComponentChildren;
  onClose: () => void;
}): JSX.Element {
  const before = useWholeRow(baselineId, rowId, baseline);
  const after = useWholeRow(candidateId, rowId, candidate);
  return (
    <Modal title={`Row ${rowId.slice(0, 12)}`} class="modal-wide" onClose={onClose}>
      {steps}
      <Answered answer={candidate === undefined ? before : after}>
        {({ inputs, expectations }) => (
          <>
            <Payload title="Inputs" value={inputs} />
            {expectations === undefined ? null : (
              <Payload title="Expectations" value={expectations} />
            )}
          </>
        )}
      </Answered>
      <div class="columns">
        <SideOf title="Baseline" side={baseline} answer={before} />
        <SideOf title="Candidate" side={candidate} answer={after} />
      </div>
      <OutputDiff before={before.data} after={after.data} />
    </Modal>
  );
}

/** What the outputs differ in, where both sides have one. */
function OutputDiff({
  before,
  after,
}: {
  before: EvaluationRow | undefined;
  after: EvaluationRow | undefined;
}): JSX.Element | null {
  if (before?.output === undefined || after?.output === undefined) return null;
  return (
    <section>
      <h3>Difference of the outputs</h3>
      <TextDiff
        before={outputText(before.output)}
        after={outputText(after.output)}
        beforeName="baseline"
        afterName="candidate"
      />
    </section>
  );
}

function outputText(output: JsonValue): string {
  return `${typeof output === "string" ? output : JSON.stringify(output, null, 2)}\n`;
}

/** The row that a side shows the beginning of; nothing is asked for a side that has none. */
function useWholeRow(
  evaluationId: string,
  rowId: string,
  side: ComparedSide | undefined,
): Answer<EvaluationRow> {
  return useQuery(
    side === undefined ? undefined : askEvaluationRow(evaluationId, { rowId, trial: side.trial }),
  );
}

function SideOf({
  title,
  side,
  answer,
}: {
  title: string;
  side: ComparedSide | undefined;
  answer: Answer<EvaluationRow>;
}): JSX.Element {
  if (side !== undefined) {
    return <Answered answer={answer}>{(row) => <SideView title={title} row={row} />}</Answered>;
  }
  return (
    <section>
      <h3>{title}</h3>
      <p class="muted">Not in this one.</p>
    </section>
  );
}

function SideView({ title, row }: { title: string; row: EvaluationRow }): JSX.Element {
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
