import type { Evaluation } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Facts, PageFrame } from "../../components/page.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { Neighbours } from "../../lists/neighbours.tsx";
import { askEvaluation } from "../../questions/evaluations.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { DatasetLink } from "./dataset-link.tsx";
import { EVALUATIONS } from "./evaluations-page.tsx";
import { Rows } from "./rows.tsx";
import { ScoreSummaries } from "./score-summaries.tsx";

/** One evaluation: what each scorer says overall, and row by row. */
export function EvaluationPage({ params: { id = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askEvaluation(id));
  const evaluation = answer.data;
  return (
    <PageFrame
      title={evaluation?.name ?? "Evaluation"}
      crumbs={[{ label: "Evaluations", href: paths.scoped("evaluations") }]}
      fill
      actions={
        <>
          {evaluation === undefined ? null : (
            <>
              <a class="button" href={paths.run(evaluation)}>
                Run
              </a>
              <a class="button" href={`${paths.compareEvaluations("", id)}`}>
                Compare
              </a>
            </>
          )}
          <Neighbours spec={EVALUATIONS} current={id} />
        </>
      }
      facts={evaluation === undefined ? null : <EvaluationFacts evaluation={evaluation} />}
    >
      <Answered answer={answer}>
        {(loaded) => (
          <>
            <ScoreSummaries scores={loaded.scores} />
            <Rows evaluation={loaded} />
          </>
        )}
      </Answered>
    </PageFrame>
  );
}

function EvaluationFacts({ evaluation }: { evaluation: Evaluation }): JSX.Element {
  const { errorCount, datasetName } = evaluation;
  return (
    <Facts
      facts={[
        ["Status", <StatusBadge key="status" status={evaluation.status} />],
        ["Started", <Age key="age" time={evaluation.startTime} />],
        [
          "Duration",
          <Duration key="duration" start={evaluation.startTime} end={evaluation.endTime} />,
        ],
        ["Rows", String(evaluation.rowCount)],
        [
          "Errors",
          <span key="errors" class={errorCount === 0 ? "" : "tone-bad"}>
            {errorCount}
          </span>,
        ],
        datasetName === undefined
          ? undefined
          : ["Dataset", <DatasetLink key="dataset" evaluation={evaluation} />],
      ]}
    />
  );
}
