import type { ComparedRun, RunComparison } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { Section } from "../../components/page.tsx";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { useQueryState } from "../../routing/query-state.ts";
import { CompareGroup } from "./compare-group.tsx";
import { CompareHead } from "./compare-head.tsx";
import { type ComparedRow, groupsOf, orderRuns } from "./compare-rows.ts";
import { useColumnsInView } from "./use-columns-in-view.ts";

/** Every value of every run, held against one of them. Only the runs in view are drawn. */
export function CompareTable({ comparison }: { comparison: RunComparison }): JSX.Element {
  const { runs } = comparison;
  const [mode, setMode] = useQueryState("show", runs.length > 2 ? "differences" : "all");
  const [baselineId, setBaseline] = useQueryState("baseline", runs[0]?.id);
  const [sort, setSort] = useQueryState("sort");
  const scroller = useRef<HTMLElement>(null);
  const onlyDifferent = mode === "differences";
  const groups = useMemo(() => groupsOf(comparison), [comparison]);
  const baseline = Math.max(
    0,
    runs.findIndex(({ id }) => id === baselineId),
  );
  const places = useMemo(
    () => orderRuns(groups, { sort, baseline, runs }),
    [groups, sort, baseline],
  );
  const view = useColumnsInView(scroller, places.length);
  const drawn = places.slice(view.first, view.end);
  const sortBy = ({ id }: ComparedRow): void => {
    if (sort === `${id} DESC`) setSort(`${id} ASC`);
    else setSort(sort === `${id} ASC` ? "" : `${id} DESC`);
  };
  return (
    <Section
      title="Values"
      actions={
        <label class="tick">
          <input
            type="checkbox"
            checked={onlyDifferent}
            onChange={() => setMode(onlyDifferent ? "all" : "differences")}
          />
          Only differences
        </label>
      }
    >
      <ScrollRegion label="Values of the runs" class="wide-table" scroller={scroller}>
        <table class="plain-table compare">
          <CompareHead
            runs={runs}
            places={drawn}
            room={view}
            baseline={baseline}
            onBaseline={(run: ComparedRun) => setBaseline(run.id)}
          />
          {groups.map((group) => (
            <CompareGroup
              key={group.title}
              group={group}
              places={drawn}
              baseline={baseline}
              onlyDifferent={onlyDifferent}
              sort={sort}
              onSort={sortBy}
            />
          ))}
        </table>
      </ScrollRegion>
    </Section>
  );
}
