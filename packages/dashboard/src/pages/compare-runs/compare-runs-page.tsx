import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame, Section } from "../../components/page.tsx";
import { askRuns } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { quote } from "../../search/filter-text.ts";
import { MetricCharts } from "../runs/metric-charts.tsx";
import { CompareTable } from "./compare-table.tsx";

/** Runs side by side. */
export function CompareRunsPage(): JSX.Element {
  const [text] = useQueryState("runs");
  const ids = text.split(",").filter((id) => /^[0-9a-f]{32}$/.test(id));
  return (
    <PageFrame title="Compare runs" crumbs={[{ label: "Experiments", href: paths.experiments }]}>
      {ids.length === 0 ? (
        <EmptyState title="No runs to compare. Tick some in an experiment's table." />
      ) : (
        <Comparison ids={ids} />
      )}
    </PageFrame>
  );
}

function Comparison({ ids }: { ids: readonly string[] }): JSX.Element {
  const answer = usePages(askRuns({ filter: `id IN (${ids.map(quote).join(", ")})` }));
  return (
    <Answered answer={answer}>
      {(items) => {
        const runs = inOrder(items, ids);
        return (
          <>
            <Section title="Metrics">
              <MetricCharts runs={runs} />
            </Section>
            <CompareTable runs={runs} />
          </>
        );
      }}
    </Answered>
  );
}

/** In the order in which they were chosen: the first is what the others are held against. */
function inOrder(items: readonly Run[], ids: readonly string[]): readonly Run[] {
  return ids.flatMap((id) => items.find((run) => run.id === id) ?? []);
}
