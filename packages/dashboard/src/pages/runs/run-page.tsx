import type { Run, RunComparison } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { KeyValueTable } from "../../components/key-value-table.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame, Section } from "../../components/page.tsx";
import { type Tab, Tabs } from "../../components/tabs.tsx";
import { Neighbours } from "../../lists/neighbours.tsx";
import { askEvaluations } from "../../questions/evaluations.ts";
import { askFolder, filesOfRun } from "../../questions/files.ts";
import { askLoggedModels } from "../../questions/logged-models.ts";
import {
  askExperiment,
  askNestedRunIds,
  askNestedRuns,
  askRun,
  askRunComparison,
  askRunCount,
} from "../../questions/tracking.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { allOf, quote } from "../../search/filter-text.ts";
import { SYSTEM } from "../run-charts/chart-sections.ts";
import { MetricCharts } from "../run-charts/metric-charts.tsx";
import { ArtifactsPanel } from "./files/artifacts-panel.tsx";
import { countWords, fileCount } from "./files/file-count.ts";
import { MetricTable } from "./metric-table.tsx";
import { RunActions } from "./run-actions.tsx";
import { runColumns } from "./run-columns.tsx";
import { RunFacts } from "./run-facts.tsx";
import { RunInputs } from "./run-inputs.tsx";
import { RunModels } from "./run-models.tsx";
import { RunNotes } from "./run-notes.tsx";
import { RunTags } from "./run-tags.tsx";
import { RUNS } from "./runs-page.tsx";
import { useCanWriteTo } from "./use-can-write-to.ts";

const SweepView: FunctionComponent<{ readonly comparison: RunComparison }> = lazyComponent(
  async () => (await import("../compare-runs/views.ts")).SweepView,
);

/** One run: its curves, params, tags, files and nested runs. */
export function RunPage({ params: { experimentId = "", runId = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askRun(runId));
  const experiment = useQuery(askExperiment(experimentId)).data;
  const run = answer.data;
  return (
    <PageFrame
      title={run?.name ?? "Run"}
      crumbs={[
        { label: "Experiments", href: paths.experiments },
        { label: experiment?.name ?? experimentId, href: paths.experiment(experimentId) },
      ]}
      actions={
        <>
          {run === undefined ? null : (
            <>
              <RunLinks run={run} />
              <RunActions run={run} />
            </>
          )}
          <Neighbours spec={RUNS} current={runId} />
        </>
      }
      facts={run === undefined ? null : <RunFacts run={run} />}
    >
      <Answered answer={answer}>{(loaded) => <RunTabs run={loaded} />}</Answered>
    </PageFrame>
  );
}

function RunLinks({ run }: { run: Run }): JSX.Element {
  const evaluation = usePages(askEvaluations({ filter: allOf(`id = ${quote(run.id)}`) })).data?.[0];
  return (
    <>
      {evaluation === undefined ? null : (
        <a class="button" href={paths.evaluation(evaluation.id)}>
          Evaluation
        </a>
      )}
      <a
        class="button"
        href={paths.scoped(
          "traces",
          {},
          { clauses: [{ field: "runId", operator: "is", value: run.id }] },
        )}
      >
        Traces
      </a>
    </>
  );
}

function RunTabs({ run }: { run: Run }): JSX.Element {
  const [tab, setTab] = useQueryState("tab", "metrics");
  const home = useMemo(() => filesOfRun(run.id), [run.id]);
  const canWrite = useCanWriteTo(run);
  const models = usePages(askLoggedModels(run.id));
  const count = useQuery(askRunCount({ filter: `parentRunId = ${quote(run.id)}` })).data ?? 0;
  const sweep: Tab = {
    key: "sweep",
    label: "Sweep",
    panel: () => <NestedSweep run={run} />,
  };
  return (
    <Tabs
      label="Parts of the run"
      current={tab}
      onChange={setTab}
      tabs={[
        { key: "metrics", label: "Overview", panel: () => <Overview run={run} /> },
        {
          key: "values",
          label: "Metrics",
          count: Object.keys(run.metrics).length,
          panel: () => <MetricTable run={run} />,
        },
        {
          key: "artifacts",
          label: "Artifacts",
          count: <FileCount runId={run.id} />,
          panel: () => (
            <ArtifactsPanel
              title="Files of the run"
              home={home}
              canDelete={canWrite}
              code={'await run.logArtifact("model/weights.json", weights);'}
            />
          ),
        },
        {
          key: "models",
          label: "Models",
          count: models.data?.length ?? 0,
          panel: () => <RunModels answer={models} />,
        },
        {
          key: "nested",
          label: "Nested runs",
          count,
          panel: () => <NestedRuns runId={run.id} />,
        },
        ...(count > 1 ? [sweep] : []),
      ]}
    />
  );
}

/** How many files a run has; of many, at least how many. */
function FileCount({ runId }: { runId: string }): JSX.Element {
  const { data = [], hasMore } = usePages(askFolder(runId, ""));
  return <>{countWords(fileCount(data), hasMore)}</>;
}

function NestedRuns({ runId }: { runId: string }): JSX.Element {
  return (
    <DataTable
      label="Nested runs"
      columns={runColumns([])}
      answer={usePages(askNestedRuns(runId))}
      keyOf={(child) => child.id}
      empty={<EmptyState title="No run is nested in this one." />}
    />
  );
}

function Overview({ run }: { run: Run }): JSX.Element {
  const runs = useMemo(() => [run], [run.id, run.name]);
  // How busy the machine was stands in charts of its own.
  const results = Object.fromEntries(
    Object.entries(run.metrics).filter(([key]) => !key.startsWith(`${SYSTEM}/`)),
  );
  return (
    <div class="with-aside">
      <div>
        <h2 class="hidden-text">Curves</h2>
        <MetricCharts runs={runs} keys={Object.keys(run.metrics).sort()} />
      </div>
      <aside aria-label="Values of the run">
        <Section title="Parameters">
          <KeyValueTable label="Parameters" values={run.params} empty="None logged." />
        </Section>
        <RunInputs runId={run.id} />
        <RunTags run={run} />
        <RunNotes run={run} />
        <Section title="Latest metrics">
          <KeyValueTable label="Latest metrics" values={results} empty="None logged." />
        </Section>
      </aside>
    </div>
  );
}

/** The runs nested in one, by their params and the metric that should be best. */
function NestedSweep({ run }: { run: Run }): JSX.Element {
  const ids = useQuery(askNestedRunIds(run.id));
  const comparison = useQuery(ids.data === undefined ? undefined : askRunComparison(ids.data));
  return <Answered answer={comparison}>{(loaded) => <SweepView comparison={loaded} />}</Answered>;
}
