import type { MetricDeclarations, Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { EmptyState } from "../../components/notices.tsx";
import { formatCount } from "../../format/numbers.ts";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { RUN_WRITES } from "../../questions/bulk.ts";
import { askRowNested, askRowNestedFound } from "../../questions/in-cells.ts";
import {
  askExperiment,
  askRunCount,
  askRunKeys,
  askRuns,
  askRunsBelow,
  MOST_COMPARED,
} from "../../questions/tracking.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { CompareLink } from "../compare-runs/compare-link.tsx";
import { BestChild } from "./best-child.tsx";
import { ListNested } from "./nested-count.tsx";
import { allRunColumns, readKey, runColumnOf } from "./run-columns.tsx";
import { runFiles } from "./run-files.ts";
import { RUN_FILTER, runCell } from "./run-filter.ts";
import { runGrouping } from "./run-grouping.tsx";
import { RunPreview } from "./run-preview.tsx";

/** All runs, or those of one experiment. */
export function RunsPage({ params: { experimentId } }: PageProps): JSX.Element {
  const experiment = useQuery(
    experimentId === undefined ? undefined : askExperiment(experimentId),
  ).data;
  const keys = useQuery(askRunKeys(experimentId)).data;
  const declared = experiment?.metrics ?? NONE_DECLARED;
  const columns = useMemo(() => allRunColumns(keys, declared), [keys, declared]);
  const spec: ListSpec<Run> = {
    ...RUNS,
    columns,
    columnOf: (key) => runColumnOf(key, declared),
    grouping: runGrouping(keys, declared),
    empty: <NoRuns experiment={experiment?.name ?? "my experiment"} />,
  };
  return <ListPage spec={spec} experimentId={experimentId} />;
}

const NONE_DECLARED: MetricDeclarations = {};

/** The list of runs, but for the columns, which depend on what was logged. */
export const RUNS: Omit<ListSpec<Run>, "columns"> = {
  list: "runs",
  title: "Runs",
  noun: "run",
  filter: RUN_FILTER,
  cellFilter: runCell,
  order: "startTime DESC",
  keyOf: ({ id }) => id,
  keyField: "id",
  nameOf: ({ name }) => name,
  hrefOf: (run) => paths.run(run),
  ask: askRuns,
  count: askRunCount,
  tree: {
    label: "As a tree",
    roots: "parentRunId IS NULL",
    count: (id) => askRowNested(id),
    found: askRowNestedFound,
    below: askRunsBelow,
    summary: (id, column) => {
      const [kind, metric] = readKey(column);
      return kind === "metrics" ? <BestChild runId={id} metric={metric} /> : null;
    },
    more: (id) => <ListNested runId={id}>all</ListNested>,
  },
  canRestore: true,
  files: runFiles,
  bulk: RUN_WRITES,
  panel: (run) => <RunPreview run={run} />,
  actions: ({ keys }) => <CompareButton ids={[...keys]} />,
  empty: null,
};

function CompareButton({ ids }: { ids: readonly string[] }): JSX.Element {
  const hindrance =
    ids.length < 2
      ? "Tick at least two runs"
      : ids.length > MOST_COMPARED && `Tick at most ${formatCount(MOST_COMPARED)} runs`;
  if (hindrance !== false) {
    return (
      <button type="button" class="button" disabled title={hindrance}>
        Compare
      </button>
    );
  }
  return (
    <CompareLink class="button button-primary" ids={ids}>
      Compare {formatCount(ids.length)} runs
    </CompareLink>
  );
}

function NoRuns({ experiment }: { experiment: string }): JSX.Element {
  const code = `await rivulet.runs.with({ experiment: ${JSON.stringify(experiment)} }, async (run) => {
  await run.logParams({ depth: 3 });
  run.logMetric("accuracy", 0.93, { step: 1 });
});`;
  return <EmptyState title="No runs yet." code={code} />;
}
