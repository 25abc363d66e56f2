import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { KeyValueTable } from "../../components/key-value-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame, Section } from "../../components/page.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { askEvaluations } from "../../questions/evaluations.ts";
import { askArtifacts, askExperiment, askNestedRuns, askRun } from "../../questions/tracking.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { allOf, quote } from "../../search/filter-text.ts";
import { ArtifactsPanel } from "./artifacts-panel.tsx";
import { MetricCharts } from "./metric-charts.tsx";
import { runColumns } from "./run-columns.tsx";
import { RunFacts } from "./run-facts.tsx";

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
      actions={run === undefined ? null : <RunLinks run={run} />}
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
      <a class="button" href={paths.traces({ filter: `runId = ${quote(run.id)}` })}>
        Traces
      </a>
    </>
  );
}

function RunTabs({ run }: { run: Run }): JSX.Element {
  const [tab, setTab] = useQueryState("tab", "metrics");
  const artifacts = useQuery(askArtifacts(run.id));
  const nested = usePages(askNestedRuns(run.id));
  return (
    <Tabs
      label="Parts of the run"
      current={tab}
      onChange={setTab}
      tabs={[
        { key: "metrics", label: "Metrics", panel: () => <Overview run={run} /> },
        {
          key: "artifacts",
          label: "Artifacts",
          count: artifacts.data?.length ?? 0,
          panel: () => <ArtifactsPanel runId={run.id} answer={artifacts} />,
        },
        {
          key: "nested",
          label: "Nested runs",
          count: nested.data?.length ?? 0,
          panel: () => (
            <DataTable
              label="Nested runs"
              columns={runColumns([])}
              answer={nested}
              keyOf={(child) => child.id}
              empty={<EmptyState title="No run is nested in this one." />}
            />
          ),
        },
      ]}
    />
  );
}

function Overview({ run }: { run: Run }): JSX.Element {
  return (
    <div class="with-aside">
      <div>
        <h2 class="hidden-text">Curves</h2>
        <MetricCharts runs={[run]} />
      </div>
      <aside aria-label="Values of the run">
        <Section title="Latest metrics">
          <KeyValueTable label="Latest metrics" values={run.metrics} empty="None logged." />
        </Section>
        <Section title="Parameters">
          <KeyValueTable label="Parameters" values={run.params} empty="None logged." />
        </Section>
        <Section title="Tags">
          <KeyValueTable label="Tags" values={run.tags} empty="None set." />
        </Section>
      </aside>
    </div>
  );
}
