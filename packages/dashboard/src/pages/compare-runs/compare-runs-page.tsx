import type { RunComparison } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { type Crumb, PageFrame } from "../../components/page.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { askRunComparison, MOST_COMPARED } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { MetricCharts } from "../run-charts/metric-charts.tsx";
import { readChosen } from "./chosen-runs.ts";
import { CompareTable } from "./compare-table.tsx";

type View = FunctionComponent<{ readonly comparison: RunComparison }>;

const Sweep: View = lazyComponent(async () => (await import("./views.ts")).SweepView);
const Scatter: View = lazyComponent(async () => (await import("./views.ts")).ScatterView);

/** Runs side by side. */
export function CompareRunsPage(): JSX.Element {
  const [given] = useQueryState("runs");
  const [chosen] = useQueryState("chosen");
  const text = given === "" ? (readChosen(chosen) ?? "") : given;
  const ids = useMemo(
    () => [...new Set(text.split(",").filter((id) => /^[0-9a-f]{32}$/.test(id)))],
    [text],
  );
  const answer = useQuery(
    ids.length === 0 ? undefined : askRunComparison(ids.slice(0, MOST_COMPARED)),
  );
  const count = answer.data?.runs.length ?? 0;
  return (
    <PageFrame
      title="Compare runs"
      crumbs={crumbsOf(answer.data)}
      facts={
        count === 0 ? null : (
          <div>
            <span class="muted">
              {count} runs
              {ids.length > count
                ? `, the first of ${ids.length}: no more are compared at once`
                : ""}
            </span>{" "}
            {given === "" ? (
              <CopyButton text={() => linkWith(ids)} label="Copy a link that has all of them" />
            ) : null}
          </div>
        )
      }
    >
      {ids.length === 0 ? (
        <EmptyState
          title={
            chosen === ""
              ? "No runs to compare. Tick some in an experiment's table."
              : "These runs were chosen in another browser, which alone knows them. Ask there for a link that has all of them."
          }
        />
      ) : (
        <Answered answer={answer}>
          {(comparison) => <ComparisonTabs comparison={comparison} />}
        </Answered>
      )}
    </PageFrame>
  );
}

/** This page's address with the ids of its runs, which opens everywhere. */
function linkWith(ids: readonly string[]): string {
  const [path = "", search = ""] = location.href.split("?", 2);
  const params = new URLSearchParams(search);
  params.delete("chosen");
  const others = params.toString();
  return `${path}?runs=${ids.join(",")}${others === "" ? "" : `&${others}`}`;
}

/** Back to the runs of the experiment, if they are all of one. */
function crumbsOf(comparison: RunComparison | undefined): readonly Crumb[] {
  const [first, ...others] = comparison?.runs ?? [];
  if (first === undefined || others.some((run) => run.experimentId !== first.experimentId)) {
    return [{ label: "Runs", href: paths.scoped("runs") }];
  }
  const { experimentId, experimentName } = first;
  return [{ label: experimentName, href: paths.scoped("runs", { experimentId }) }];
}

function ComparisonTabs({ comparison }: { comparison: RunComparison }): JSX.Element {
  const [view, setView] = useQueryState("view", "curves");
  const keys = useMemo(() => comparison.metrics.map(({ key }) => key), [comparison]);
  return (
    <Tabs
      label="Views of the comparison"
      current={view}
      onChange={setView}
      tabs={[
        {
          key: "curves",
          label: "Curves",
          panel: () => (
            <>
              <h2 class="hidden-text">Curves</h2>
              <MetricCharts runs={comparison.runs} keys={keys} />
            </>
          ),
        },
        {
          key: "values",
          label: "Values",
          panel: () => <CompareTable comparison={comparison} />,
        },
        { key: "sweep", label: "Sweep", panel: () => <Sweep comparison={comparison} /> },
        { key: "scatter", label: "Scatter", panel: () => <Scatter comparison={comparison} /> },
      ]}
    />
  );
}
