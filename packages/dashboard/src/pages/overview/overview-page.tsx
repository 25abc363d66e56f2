import type { Evaluation } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { Icon } from "../../components/icon.tsx";
import { PageFrame } from "../../components/page.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { TimeRangeSelect } from "../../lists/filter/time-range-select.tsx";
import { WITHOUT_EVALUATIONS } from "../../lists/filter/without-evaluations.ts";
import { askLatestEvaluations, askTraceSums } from "../../questions/overview.ts";
import type { PageProps } from "../../routes.ts";
import { useQueryState } from "../../routing/query-state.ts";
import type { Scope } from "../../routing/scope.ts";
import { RetentionNotice } from "../store/retention-notice.tsx";
import type { Period } from "./period.ts";
import { QualityTab } from "./quality-tab.tsx";
import { Quiet } from "./quiet.tsx";
import { RunningRuns } from "./running-runs.tsx";
import { ToolsTab } from "./tools-tab.tsx";
import { UsageTab } from "./usage-tab.tsx";
import { usePeriod, useRange } from "./use-period.ts";
import { experimentsOf, selected, type View } from "./view.ts";

/** How the app is doing: of one experiment or all. */
export function OverviewPage({ params: { experimentId } }: PageProps): JSX.Element {
  const scope: Scope = experimentId === undefined ? {} : { experimentId };
  const [range, setRange] = useRange("24h");
  const period = usePeriod(range, scope);
  const [evaluations, setEvaluations] = useQueryState("evaluations");
  const latest = useQuery(askLatestEvaluations(experimentsOf(scope)));
  const hasEvaluations = ranWithin(latest.data?.items ?? [], period);
  const isWithoutEvaluations = hasEvaluations && evaluations !== "with";
  const view: View = { scope, range, period, isWithoutEvaluations };
  const isReady = latest.data !== undefined || latest.error !== null;
  const totals = useQuery(isReady ? askTraceSums(selected(view)) : undefined);
  const tabs = (
    <OverviewTabs
      panels={{
        usage: () =>
          isReady ? (
            <UsageTab
              view={view}
              totals={totals}
              onRange={setRange}
              beside={<RunningRuns scope={scope} />}
            />
          ) : null,
        quality: () =>
          isReady ? (
            <QualityTab view={view} evaluations={latest.data?.items ?? []} onRange={setRange} />
          ) : null,
        tools: () => (isReady ? <ToolsTab view={view} /> : null),
      }}
    />
  );
  const isEmpty = totals.data?.[0]?.count === 0 && !isWithoutEvaluations;
  // What was quiet once may still be telling of its first record.
  const wasEmpty = useOnce(isEmpty);
  return (
    <PageFrame
      title="Overview"
      actions={
        <>
          {hasEvaluations ? (
            <EvaluationsChip
              isWithout={isWithoutEvaluations}
              onChange={(isWithout) => setEvaluations(isWithout ? "" : "with")}
            />
          ) : null}
          <TimeRangeSelect value={range} onChange={setRange} />
        </>
      }
    >
      <RetentionNotice />
      {wasEmpty ? (
        <Quiet scope={scope} isEmpty={isEmpty} onRange={setRange}>
          {tabs}
        </Quiet>
      ) : (
        tabs
      )}
    </PageFrame>
  );
}

const TABS = [
  ["usage", "Usage"],
  ["quality", "Quality"],
  ["tools", "Tools"],
] as const;

function OverviewTabs({
  panels,
}: {
  panels: Record<(typeof TABS)[number][0], () => JSX.Element | null>;
}): JSX.Element {
  const [tab, setTab] = useQueryState("tab", "usage");
  const tabs = TABS.map(([key, label]) => ({ key, label, panel: panels[key] }));
  return <Tabs label="Overview of" tabs={tabs} current={tab} onChange={setTab} />;
}

/** Whether something has been so since the page was opened. */
function useOnce(isSo: boolean): boolean {
  const [wasSo, setSo] = useState(isSo);
  if (isSo && !wasSo) setSo(true);
  return isSo || wasSo;
}

/** Whether any of the evaluations may have recorded a trace in a period. */
function ranWithin(evaluations: readonly Evaluation[], { from, to }: Period): boolean {
  return evaluations.some(({ startTime, endTime = to }) => endTime >= from && startTime < to);
}

/** Evaluations ask an app what nobody asked it: their traces are out of the way, and this says so. */
function EvaluationsChip({
  isWithout,
  onChange,
}: {
  isWithout: boolean;
  onChange: (isWithout: boolean) => void;
}): JSX.Element {
  if (!isWithout) {
    return (
      <button type="button" class="button" onClick={() => onChange(true)}>
        {WITHOUT_EVALUATIONS.label}
      </button>
    );
  }
  return (
    <span class="clauses">
      <span class="chip">
        <span class="chip-words">{WITHOUT_EVALUATIONS.label}</span>
        <button
          type="button"
          class="chip-remove"
          title="Count the traces of evaluations, too"
          onClick={() => onChange(false)}
        >
          <Icon name="cross" />
          <span class="hidden-text">Count the traces of evaluations, too</span>
        </button>
      </span>
    </span>
  );
}
