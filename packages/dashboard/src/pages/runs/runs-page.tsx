import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { SearchBox } from "../../components/search-box.tsx";
import { useSelection } from "../../components/use-selection.ts";
import { askExperiment, askRunKeys, askRuns } from "../../questions/tracking.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { anywhere, fromSearchBox } from "../../search/filter-text.ts";
import { ColumnMenu } from "./column-menu.tsx";
import { readColumns, runColumns, writeColumns } from "./run-columns.tsx";

/** The runs of an experiment. */
export function RunsPage({ params: { experimentId = "" } }: PageProps): JSX.Element {
  const [text, setText] = useQueryState("q");
  const [order, setOrder] = useQueryState("order", "startTime DESC");
  const [columnText, setColumnText] = useQueryState("columns");
  const experiment = useQuery(askExperiment(experimentId)).data;
  const keys = useQuery(askRunKeys(experimentId)).data;
  const selection = useSelection();
  const columns = readColumns(columnText, keys);
  const filter = fromSearchBox(text, (words) => `name ILIKE ${anywhere(words)}`);
  const name = experiment?.name ?? `Experiment ${experimentId}`;
  return (
    <PageFrame
      title={name}
      crumbs={[{ label: "Experiments", href: paths.experiments }]}
      fill
      actions={<ExperimentLinks id={experimentId} />}
    >
      <div class="toolbar">
        <SearchBox
          label="Find runs"
          placeholder="Name, or a filter: metrics.accuracy > 0.9 AND params.depth = '3'"
          value={text}
          onSearch={setText}
        />
        {keys === undefined ? null : (
          <ColumnMenu
            keys={keys}
            chosen={columns}
            onChange={(next) => setColumnText(writeColumns(next))}
          />
        )}
        <CompareButton ids={[...selection.keys]} />
      </div>
      <DataTable
        label={`Runs of ${name}`}
        columns={runColumns(columns)}
        answer={usePages(askRuns({ experimentIds: [experimentId], filter, orderBy: order }))}
        keyOf={(run) => run.id}
        nameOf={(run) => run.name}
        selection={selection}
        order={order}
        onOrder={setOrder}
        empty={<NoRuns isSearch={text !== ""} experiment={name} />}
      />
    </PageFrame>
  );
}

function ExperimentLinks({ id }: { id: string }): JSX.Element {
  return (
    <>
      <a class="button" href={paths.traces({ experiment: id })}>
        Traces
      </a>
      <a class="button" href={`${paths.evaluations}?experiment=${id}`}>
        Evaluations
      </a>
    </>
  );
}

function CompareButton({ ids }: { ids: readonly string[] }): JSX.Element {
  if (ids.length < 2) {
    return (
      <button type="button" class="button" disabled title="Tick at least two runs">
        Compare
      </button>
    );
  }
  return (
    <a class="button button-primary" href={paths.compareRuns(ids)}>
      Compare {ids.length} runs
    </a>
  );
}

function NoRuns({ isSearch, experiment }: { isSearch: boolean; experiment: string }): JSX.Element {
  if (isSearch) return <EmptyState title="No run matches." />;
  const code = `await rivulet.runs.with({ experiment: ${JSON.stringify(experiment)} }, async (run) => {
  await run.logParams({ depth: 3 });
  run.logMetric("accuracy", 0.93, { step: 1 });
});`;
  return <EmptyState title="No runs yet." code={code} />;
}
