import type { ComparedRun } from "@rivulet/core";
import type { JSX } from "preact";
import { CurveSwatch } from "../../charts/curve-swatch.tsx";
import { Chip } from "../../components/chips.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { paths } from "../../routing/paths.ts";

/** A column for each run in view: its name, how it stands, and whether the others are held against it. */
export function CompareHead({
  runs,
  places,
  room,
  baseline,
  onBaseline,
}: {
  runs: readonly ComparedRun[];
  places: readonly number[];
  /** Stands for the runs that are not in view. */
  room: { readonly before: number; readonly after: number };
  baseline: number;
  onBaseline: (run: ComparedRun) => void;
}): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span class="hidden-text">Value</span>
        </th>
        <td class="room" style={{ width: `${room.before}px` }} />
        {places.map((place) => {
          const run = runs[place];
          return run === undefined ? null : (
            <th key={run.id} scope="col">
              <CurveSwatch color={place} />
              <a href={paths.run(run)}>{run.name}</a>
              <div class="compare-facts">
                <StatusBadge status={run.status} /> <Age time={run.startTime} /> ·{" "}
                <Duration start={run.startTime} end={run.endTime} />
              </div>
              {place === baseline ? (
                <Chip tone="accent">Baseline</Chip>
              ) : (
                <button type="button" class="link-button" onClick={() => onBaseline(run)}>
                  Use as baseline
                </button>
              )}
            </th>
          );
        })}
        <td class="room" style={{ width: `${room.after}px` }} />
      </tr>
    </thead>
  );
}
