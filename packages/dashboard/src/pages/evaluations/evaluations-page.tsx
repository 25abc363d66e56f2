import type { Evaluation } from "@rivulet/core";
import type { JSX } from "preact";
import type { Column } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age } from "../../components/time.tsx";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { askEvaluations } from "../../questions/evaluations.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { anywhere } from "../../search/filter-text.ts";
import { DatasetLink } from "./dataset-link.tsx";
import { EvaluationPreview } from "./evaluation-preview.tsx";
import { ScoreChips } from "./score-chips.tsx";

const COLUMNS: readonly Column<Evaluation>[] = [
  {
    key: "name",
    label: "Name",
    width: 220,
    canSort: true,
    cell: ({ id, name }) => (
      <a class="row-link" href={paths.evaluation(id)}>
        {name}
      </a>
    ),
  },
  {
    key: "status",
    label: "Status",
    width: 108,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    key: "scores",
    label: "Scores (mean)",
    width: 250,
    grow: true,
    cell: ({ scores }) => <ScoreChips scores={scores} />,
  },
  {
    key: "rowCount",
    label: "Rows",
    width: 72,
    isNumber: true,
    canSort: true,
    cell: ({ rowCount }) => rowCount,
  },
  {
    key: "errorCount",
    label: "Errors",
    width: 76,
    isNumber: true,
    canSort: true,
    cell: ({ errorCount }) =>
      errorCount === 0 ? <span class="muted">0</span> : <span class="tone-bad">{errorCount}</span>,
  },
  {
    key: "dataset",
    label: "Dataset",
    width: 160,
    cell: (evaluation) => <DatasetLink evaluation={evaluation} />,
  },
  {
    key: "startTime",
    label: "Started",
    width: 104,
    canSort: true,
    cell: ({ startTime }) => <Age time={startTime} />,
  },
];

/** All evaluations, or those of one experiment; two of them can be compared. */
export function EvaluationsPage({ params: { experimentId } }: PageProps): JSX.Element {
  return <ListPage spec={EVALUATIONS} experimentId={experimentId} />;
}

/** The list of evaluations. */
export const EVALUATIONS: ListSpec<Evaluation> = {
  list: "evaluations",
  title: "Evaluations",
  noun: "evaluation",
  columns: COLUMNS,
  filter: {
    fields: [
      { name: "name", label: "Name", type: "text" },
      {
        name: "status",
        label: "Status",
        type: "text",
        choices: ["running", "finished", "failed", "killed"],
      },
      { name: "datasetName", label: "Dataset", type: "text" },
    ],
    words: (text) => `name ILIKE ${anywhere(text)}`,
    wordsHint: "Name of an evaluation",
    example: "datasetName = 'qa' AND errorCount > 0",
    time: "startTime",
  },
  order: "startTime DESC",
  keyOf: ({ id }) => id,
  keyField: "id",
  nameOf: ({ name }) => name,
  hrefOf: ({ id }) => paths.evaluation(id),
  ask: askEvaluations,
  panel: (evaluation) => <EvaluationPreview evaluation={evaluation} />,
  actions: ({ rows }) => <CompareButton evaluations={rows} />,
  empty: <NoEvaluations />,
};

/** The older of two is the baseline. */
function CompareButton({ evaluations }: { evaluations: readonly Evaluation[] }): JSX.Element {
  const [baseline, candidate] = [...evaluations].sort((a, b) => a.startTime - b.startTime);
  if (baseline === undefined || candidate === undefined || evaluations.length !== 2) {
    return (
      <button type="button" class="button" disabled title="Tick two evaluations">
        Compare two
      </button>
    );
  }
  return (
    <a class="button button-primary" href={paths.compareEvaluations(baseline.id, candidate.id)}>
      Compare
    </a>
  );
}

function NoEvaluations(): JSX.Element {
  return (
    <EmptyState
      title="No evaluations yet."
      code={`await rivulet.evaluate({
  data: "qa",
  task: async ({ question }) => answer(question),
  scorers: [function exact({ output, expectations }) { return output === expectations; }],
});`}
    />
  );
}
