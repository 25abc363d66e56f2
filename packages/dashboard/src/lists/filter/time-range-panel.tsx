import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useObservable } from "../../api/observable.ts";
import { serverNow } from "../../api/server-clock.ts";
import { type Choice, Segmented } from "../../components/segmented.tsx";
import { chooseTimeZone, type TimeZone, timeZone } from "../../format/time-zone.ts";
import {
  readTimeRange,
  TIME_PRESETS,
  type TimeRange,
  widerRange,
  writeTimeRange,
} from "./time-range.ts";

/** What a {@link TimeRangePanel} takes. */
export interface TimeRangePanelProps {
  /** As the URL has it. */
  readonly value: string;
  readonly onChange: (range: string) => void;
}

/** Presets, two times to choose by hand, and the clock that they are read by. */
export function TimeRangePanel({ value, onChange }: TimeRangePanelProps): JSX.Element {
  const presets = [
    ["", "All time"],
    ...Object.entries(TIME_PRESETS).map(([name, { label }]) => [name, label]),
  ];
  return (
    <div class="time-range">
      <div class="menu-list">
        {presets.map(([name = "", label]) => (
          <button
            key={name}
            type="button"
            aria-current={name === value ? "true" : undefined}
            onClick={() => onChange(name)}
          >
            {label}
          </button>
        ))}
        {value === "" ? null : (
          <button type="button" onClick={() => onChange(widerRange(value, serverNow()))}>
            Zoom out
          </button>
        )}
      </div>
      <Between value={value} onChange={onChange} />
    </div>
  );
}

const ZONES: readonly Choice<TimeZone>[] = [
  { value: "local", label: "Local" },
  { value: "UTC", label: "UTC" },
];

/** From one time to another; without an end, since a time. */
function Between({ value, onChange }: TimeRangePanelProps): JSX.Element {
  const zone = useObservable(timeZone);
  const [range, setRange] = useState<TimeRange>(() => readTimeRange(value, serverNow()));
  const { from, to } = range;
  const isBackwards = from !== undefined && to !== undefined && to <= from;
  return (
    <form
      class="time-range-between"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBackwards) onChange(writeTimeRange(range));
      }}
    >
      <TimeField
        label="From"
        zone={zone}
        time={from}
        onTime={(time) => setRange(sides(time, to))}
      />
      <TimeField
        label="To (empty: until now)"
        zone={zone}
        time={to}
        onTime={(time) => setRange(sides(from, time))}
      />
      <Segmented label="Time zone" choices={ZONES} value={zone} onChange={chooseTimeZone} />
      {isBackwards ? (
        <p role="alert" class="tone-bad">
          The end is not after the beginning.
        </p>
      ) : null}
      <button type="submit" class="button button-primary" disabled={isBackwards}>
        Apply
      </button>
    </form>
  );
}

function sides(from: number | undefined, to: number | undefined): TimeRange {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function TimeField({
  label,
  zone,
  time,
  onTime,
}: {
  label: string;
  zone: TimeZone;
  time: number | undefined;
  onTime: (time: number | undefined) => void;
}): JSX.Element {
  return (
    <label class="field">
      {label}
      <input
        class="input"
        type="datetime-local"
        value={time === undefined ? "" : writeTime(time, zone)}
        onChange={(event) => onTime(readTime(event.currentTarget.value, zone))}
      />
    </label>
  );
}

/** `2026-11-01T10:30` by the clock of a zone. */
function writeTime(time: number, zone: TimeZone): string {
  const offset = zone === "UTC" ? 0 : new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 16);
}

function readTime(text: string, zone: TimeZone): number | undefined {
  const time = Date.parse(zone === "UTC" ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}
