import type { JSX } from "preact";
import { useObservable } from "../../api/observable.ts";
import { CurveSwatch } from "../../charts/curve-swatch.tsx";
import { highlighted } from "../../charts/highlight.ts";
import { shorten } from "../../format/shorten.ts";
import type { ChartedRun, RunLines } from "./run-lines.ts";

/** Characters of a name that there is room for. */
const MOST_OF_A_NAME = 30;

/** The lines of all charts of a page: a click hides one, Alt and a click isolates it, pointing lifts it out. */
export function RunLegend({
  runs,
  lines,
}: {
  runs: readonly ChartedRun[];
  lines: RunLines;
}): JSX.Element {
  const lifted = useObservable(highlighted);
  return (
    <div class="run-legend">
      <ul aria-label="Lines in the charts">
        {runs.map(({ id, name }, color) => (
          <li key={id}>
            <button
              type="button"
              class={lifted === id ? "is-lifted" : ""}
              aria-pressed={lines.isShown(id)}
              title={`${name}\nClick hides or shows, Alt+click shows it alone`}
              onClick={(event) => (event.altKey ? lines.isolate(id) : lines.toggle(id))}
              onPointerEnter={() => highlighted.set(id)}
              onPointerLeave={() => highlighted.set("")}
              onFocus={() => highlighted.set(id)}
              onBlur={() => highlighted.set("")}
            >
              <CurveSwatch color={color} />
              <span>{shorten(name, MOST_OF_A_NAME)}</span>
            </button>
          </li>
        ))}
      </ul>
      {lines.isNarrowed ? (
        <button type="button" class="link-button" onClick={lines.showAll}>
          Show all lines
        </button>
      ) : null}
    </div>
  );
}
