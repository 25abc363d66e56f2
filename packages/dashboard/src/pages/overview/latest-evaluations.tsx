import type { Evaluation } from "@rivulet/core";
import type { JSX } from "preact";
import { Section } from "../../components/page.tsx";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age } from "../../components/time.tsx";
import { formatDifference, formatShort } from "../../format/numbers.ts";
import { paths } from "../../routing/paths.ts";
import type { Scope } from "../../routing/scope.ts";

/** The latest evaluations with what their scorers said, those under way first. */
export function LatestEvaluations({
  scope,
  evaluations,
}: {
  scope: Scope;
  evaluations: readonly Evaluation[];
}): JSX.Element {
  const isRunning = ({ status }: Evaluation): number => (status === "running" ? 0 : 1);
  const sorted = [...evaluations].sort((a, b) => isRunning(a) - isRunning(b));
  return (
    <Section
      title="Latest evaluations"
      actions={<a href={paths.scoped("evaluations", scope)}>All evaluations</a>}
    >
      {evaluations.length === 0 ? (
        <p class="muted">No evaluation has run yet.</p>
      ) : (
        <ScrollRegion label="Latest evaluations" class="group-scroll">
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">Evaluation</th>
                <th scope="col">Status</th>
                <th scope="col">Scores, 95 % interval</th>
                <th scope="col">Against the one before</th>
                <th scope="col">Started</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((evaluation) => (
                <EvaluationLine
                  key={evaluation.id}
                  evaluation={evaluation}
                  before={predecessor(evaluation, evaluations)}
                />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Section>
  );
}

/** The one that ran before it over the same dataset; without a dataset, under the same name. */
function predecessor(
  evaluation: Evaluation,
  evaluations: readonly Evaluation[],
): Evaluation | undefined {
  const isSame = (other: Evaluation): boolean =>
    evaluation.datasetName === undefined
      ? other.name === evaluation.name
      : other.datasetName === evaluation.datasetName;
  return evaluations.find(
    (other) =>
      isSame(other) &&
      other.startTime < evaluation.startTime &&
      other.experimentId === evaluation.experimentId,
  );
}

function EvaluationLine({
  evaluation,
  before,
}: {
  evaluation: Evaluation;
  before: Evaluation | undefined;
}): JSX.Element {
  const { id, name, status, scores, startTime } = evaluation;
  return (
    <tr>
      <th scope="row">
        <a href={paths.evaluation(id)}>{name}</a>
      </th>
      <td>
        <StatusBadge status={status} />
      </td>
      <td>
        <ul class="score-lines">
          {scores.map(({ name: score, mean, low, high }) => (
            <li key={score}>
              <span class="muted">{score}</span>{" "}
              <strong class="number">{mean === null ? "–" : formatShort(mean)}</strong>
              {low === null || high === null ? null : (
                <span class="muted number">
                  {" "}
                  {formatShort(low)} to {formatShort(high)}
                </span>
              )}
            </li>
          ))}
        </ul>
      </td>
      <td>{before === undefined ? "–" : <Changes evaluation={evaluation} before={before} />}</td>
      <td>
        <Age time={startTime} />
      </td>
    </tr>
  );
}

/** How the means moved. Whether that is more than noise is for the comparison to say, row by row. */
function Changes({
  evaluation,
  before,
}: {
  evaluation: Evaluation;
  before: Evaluation;
}): JSX.Element {
  const earlier = new Map(before.scores.map(({ name, mean }) => [name, mean]));
  return (
    <>
      <ul class="score-lines">
        {evaluation.scores.map(({ name, mean }) => {
          const other = earlier.get(name) ?? null;
          return mean === null || other === null ? null : (
            <li key={name}>
              <span class="muted">{name}</span>{" "}
              <span class="number">{formatDifference(mean - other)}</span>
            </li>
          );
        })}
      </ul>
      <a href={paths.compareEvaluations(before.id, evaluation.id)}>Verdict against {before.name}</a>
    </>
  );
}
