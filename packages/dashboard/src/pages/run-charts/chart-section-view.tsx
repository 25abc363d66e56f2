import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { CurveChart } from "../../charts/curve-chart.tsx";
import { hasOneValueEach } from "../../charts/curves.ts";
import { useSeen } from "../../charts/use-seen.ts";
import { Answered } from "../../components/answered.tsx";
import { Icon } from "../../components/icon.tsx";
import { type ChartSection, SYSTEM } from "./chart-sections.ts";
import { type NameSet, useChartView, useNameSet } from "./chart-state.ts";
import type { ChartedRun, RunLines } from "./run-lines.ts";
import { useCurves } from "./use-curves.ts";

/** Charts of a section before "more" is asked for. */
const FIRST_CHARTS = 12;
const MAX_POINTS = 600;

export interface ChartSectionProps {
  readonly section: ChartSection;
  /** There is no other section, so that its title says nothing. */
  readonly isOnly: boolean;
  readonly runs: readonly ChartedRun[];
  readonly lines: RunLines;
  readonly pins: NameSet;
  readonly onEnlarge: (key: string) => void;
}

/** Charts under a heading that folds them; asked for when they come into view. */
export function ChartSectionView(props: ChartSectionProps): JSX.Element {
  const { section, isOnly } = props;
  const folded = useNameSet("fold");
  const element = useRef<HTMLElement>(null);
  const isSeen = useSeen(element);
  const isOpen = isOnly || folded.has(section.name) === (section.name === SYSTEM);
  return (
    <section ref={element} class="chart-section">
      <h3 class={isOnly ? "hidden-text" : ""}>
        {isOnly ? (
          section.title
        ) : (
          <button type="button" aria-expanded={isOpen} onClick={() => folded.toggle(section.name)}>
            <Icon name={isOpen ? "chevron-down" : "chevron"} />
            {section.title} <span class="count">{section.keys.length}</span>
          </button>
        )}
      </h3>
      {isOpen && isSeen ? <SectionCharts {...props} /> : null}
    </section>
  );
}

function SectionCharts({ section, runs, lines, pins, onEnlarge }: ChartSectionProps): JSX.Element {
  const view = useChartView();
  const more = useNameSet("more");
  const keys = more.has(section.name) ? section.keys : section.keys.slice(0, FIRST_CHARTS);
  const answer = useCurves({
    runs,
    keys,
    lines,
    axis: view.axis,
    zoom: view.zoom,
    maxPoints: MAX_POINTS,
  });
  return (
    <Answered answer={answer}>
      {(curves) => {
        const charts = keys.map((key) => ({ title: key, curves: curves.get(key) ?? [] }));
        // Behind the curves the metrics that have one value only, which take less room.
        const rank = ({ curves: some }: (typeof charts)[number]) => (hasOneValueEach(some) ? 1 : 0);
        return (
          <>
            <div class="charts">
              {charts
                .toSorted((a, b) => rank(a) - rank(b))
                .map((chart) => (
                  <CurveChart
                    key={chart.title}
                    {...chart}
                    view={view}
                    isPinned={pins.has(chart.title)}
                    onPin={() => pins.toggle(chart.title)}
                    onEnlarge={() => onEnlarge(chart.title)}
                  />
                ))}
            </div>
            {keys.length === section.keys.length ? null : (
              <button type="button" class="button" onClick={() => more.toggle(section.name)}>
                {section.keys.length - keys.length} more
              </button>
            )}
          </>
        );
      }}
    </Answered>
  );
}
