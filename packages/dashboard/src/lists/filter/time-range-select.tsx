import type { JSX } from "preact";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { Menu } from "../../components/menu.tsx";
import { formatTime } from "../../format/times.ts";
import { isPreset, readTimeRange, TIME_PRESETS } from "./time-range.ts";
import type { TimeRangePanelProps } from "./time-range-panel.tsx";

const TimeRangePanel = lazyComponent<TimeRangePanelProps>(
  async () => (await import("./more.ts")).TimeRangePanel,
);

/** Chooses a range of time: one that ends now, one between two times, or one since a time. */
export function TimeRangeSelect({
  value,
  onChange,
}: {
  value: string;
  onChange: (range: string) => void;
}): JSX.Element {
  return (
    <Menu label={wordsFor(value)} icon="clock" title="Time range" hasChevron>
      {(close) => (
        <TimeRangePanel
          value={value}
          onChange={(range) => {
            onChange(range);
            close();
          }}
        />
      )}
    </Menu>
  );
}

function wordsFor(value: string): string {
  if (isPreset(value)) return TIME_PRESETS[value].label;
  const { from, to } = readTimeRange(value, 0);
  if (from === undefined && to === undefined) return "All time";
  if (to === undefined) return `Since ${formatTime(from)}`;
  if (from === undefined) return `Until ${formatTime(to)}`;
  return `${formatTime(from)} – ${formatTime(to)}`;
}
