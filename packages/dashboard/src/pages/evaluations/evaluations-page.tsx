import type { Evaluation } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { SearchBox } from "../../components/search-box.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age } from "../../components/time.tsx";
import { useSelection } from "../../components/use-selection.ts";
import { askEvaluations } from "../../questions/evaluations.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { anywhere, fromSearchBox } from "../../search/filter-text.ts";
import { DatasetLink } from "./dataset-link.tsx";
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

/** All evaluations; two of them can be held against each other. */
export function EvaluationsPage(): JSX.Element {
  const [text, setText] = useQueryState("q");
  const [order, setOrder] = useQueryState("order", "startTime DESC");
  const [experiment] = useQueryState("experiment");
  const selection = useSelection();
  const filter = fromSearchBox(text, (words) => `name ILIKE ${anywhere(words)}`);
  const experimentIds = experiment === "" ? [] : [experiment];
  const answer = usePages(askEvaluations({ filter, orderBy: order, experimentIds }));
  return (
    <PageFrame title="Evaluations" fill>
      <div class="toolbar">
        <SearchBox
          label="Find evaluations"
          placeholder="Name, or a filter: datasetName = 'qa'"
          value={text}
          onSearch={setText}
        />
        <CompareButton evaluations={pick(answer.data ?? [], selection.keys)} />
      </div>
      <DataTable
        label="Evaluations"
        columns={COLUMNS}
        answer={answer}
        keyOf={(evaluation) => evaluation.id}
        nameOf={(evaluation) => evaluation.name}
        selection={selection}
        order={order}
        onOrder={setOrder}
        empty={<NoEvaluations isSearch={text !== ""} />}
      />
    </PageFrame>
  );
}

function pick(
  evaluations: readonly Evaluation[],
  keys: ReadonlySet<string>,
): readonly Evaluation[] {
  return evaluations.filter(({ id }) => keys.has(id));
}

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

function NoEvaluations({ isSearch }: { isSearch: boolean }): JSX.Element {
  if (isSearch) return <EmptyState title="No evaluation matches." />;
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
