import type { Evaluation, EvaluationRow } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Facts, PageFrame } from "../../components/page.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { askEvaluation, askEvaluationRows } from "../../questions/evaluations.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { DatasetLink } from "./dataset-link.tsx";
import { rowColumns } from "./row-columns.tsx";
import { RowDialog } from "./row-dialog.tsx";
import { ScoreSummaries } from "./score-summaries.tsx";

/** One evaluation: what each scorer says overall, and row by row. */
export function EvaluationPage({ params: { id = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askEvaluation(id));
  const evaluation = answer.data;
  return (
    <PageFrame
      title={evaluation?.name ?? "Evaluation"}
      crumbs={[{ label: "Evaluations", href: paths.evaluations }]}
      fill
      actions={
        evaluation === undefined ? null : (
          <>
            <a class="button" href={paths.run(evaluation)}>
              Run
            </a>
            <a class="button" href={`${paths.compareEvaluations("", id)}`}>
              Compare
            </a>
          </>
        )
      }
      facts={evaluation === undefined ? null : <EvaluationFacts evaluation={evaluation} />}
    >
      <Answered answer={answer}>{(loaded) => <Rows evaluation={loaded} />}</Answered>
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

function Rows({ evaluation }: { evaluation: Evaluation }): JSX.Element {
  const [shown, setShown] = useState<EvaluationRow>();
  const names = evaluation.scores.map(({ name }) => name);
  return (
    <>
      <ScoreSummaries scores={evaluation.scores} />
      <DataTable
        label="Rows"
        columns={rowColumns(names, setShown)}
        answer={usePages(askEvaluationRows(evaluation.id))}
        keyOf={(row) => `${row.rowId} ${row.trial}`}
        empty={<EmptyState title="No row has been evaluated yet." />}
      />
      {shown === undefined ? null : <RowDialog row={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}
