import type { Comparison, Evaluation } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame, Section } from "../../components/page.tsx";
import { formatAge } from "../../format/times.ts";
import { askComparison, askEvaluations } from "../../questions/evaluations.ts";
import { paths } from "../../routing/paths.ts";
import { setQueryState, useQueryState } from "../../routing/query-state.ts";
import { ComparedRows } from "./compared-rows.tsx";
import { useDirectedScores } from "./score-directions.ts";
import { Verdicts } from "./verdicts.tsx";

/** Two evaluations, paired row by row. */
export function ComparisonPage(): JSX.Element {
  const [baseline] = useQueryState("baseline");
  const [candidate] = useQueryState("candidate");
  const isReady = baseline !== "" && candidate !== "";
  const answer = useQuery(isReady ? askComparison(baseline, candidate) : undefined);
  return (
    <PageFrame
      title="Compare evaluations"
      crumbs={[{ label: "Evaluations", href: paths.scoped("evaluations") }]}
    >
      <Sides baseline={baseline} candidate={candidate} />
      {isReady ? (
        <Answered answer={answer}>{(comparison) => <Result comparison={comparison} />}</Answered>
      ) : (
        <EmptyState title="Choose a baseline and a candidate." />
      )}
    </PageFrame>
  );
}

function Sides({ baseline, candidate }: { baseline: string; candidate: string }): JSX.Element {
  return (
    <div class="toolbar">
      <Side label="Baseline" name="baseline" value={baseline} />
      <button
        type="button"
        class="button"
        onClick={() => setQueryState({ baseline: candidate, candidate: baseline })}
      >
        Swap
      </button>
      <Side label="Candidate" name="candidate" value={candidate} />
    </div>
  );
}

function Side({
  label,
  name,
  value,
}: {
  label: string;
  name: "baseline" | "candidate";
  value: string;
}): JSX.Element {
  const choices = usePages(askEvaluations({ orderBy: "startTime DESC" })).data ?? [];
  const isListed = choices.some(({ id }) => id === value);
  return (
    <label class="inline-field">
      {label}
      <select
        value={value}
        onChange={(event) => setQueryState({ [name]: event.currentTarget.value })}
      >
        <option value="">choose…</option>
        {isListed || value === "" ? null : <option value={value}>{value.slice(0, 12)}</option>}
        {choices.map((evaluation) => (
          <option key={evaluation.id} value={evaluation.id}>
            {evaluation.name} · {formatAge(evaluation.startTime)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Result({ comparison }: { comparison: Comparison }): JSX.Element {
  const { unpaired } = comparison;
  const scores = useDirectedScores(comparison);
  return (
    <>
      <Section title="Verdict">
        <Verdicts scores={scores} experimentId={comparison.candidate.experimentId} />
        <p>
          Failed: {failedOf(comparison.baseline)} of the baseline, {failedOf(comparison.candidate)}{" "}
          of the candidate.
        </p>
        {unpaired === 0 ? null : (
          <p class="muted">
            {unpaired} rows are in one of the two only, or expect something else in the other, and
            do not count.
          </p>
        )}
      </Section>
      <ComparedRows comparison={comparison} scores={scores} />
    </>
  );
}

/** `3 of 12 rows`. */
function failedOf({ errorCount, rowCount }: Evaluation): string {
  return `${errorCount} of ${rowCount} rows`;
}
