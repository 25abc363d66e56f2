import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useObservable } from "../../api/observable.ts";
import { CurveSwatch } from "../../charts/curve-swatch.tsx";
import { highlighted } from "../../charts/highlight.ts";
import { hasWords } from "../../format/has-words.ts";
import { shorten } from "../../format/shorten.ts";
import type { ChartedRun, RunLines } from "./run-lines.ts";

/** Characters of a name that there is room for. */
const MOST_OF_A_NAME = 30;
/** Fewer lines need no search. */
const SEARCHED_FROM = 12;

/** The lines of all charts of a page: a click hides one, Alt and a click isolates it, pointing lifts it out. */
export function RunLegend({
  runs,
  lines,
}: {
  runs: readonly ChartedRun[];
  lines: RunLines;
}): JSX.Element {
  const lifted = useObservable(highlighted);
  const [text, setText] = useState("");
  const listed = runs
    .map((run, color) => ({ ...run, color }))
    .filter(({ name }) => hasWords(name, text));
  return (
    <div class="run-legend">
      {runs.length < SEARCHED_FROM ? null : (
        <div class="toolbar">
          <input
            class="input"
            type="search"
            aria-label="Find a line"
            placeholder="Find a line"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          {text === "" ? null : (
            <button
              type="button"
              class="button"
              disabled={listed.length === 0}
              onClick={() => lines.showOnly(listed.map(({ id }) => id))}
            >
              Show only these {listed.length}
            </button>
          )}
        </div>
      )}
      <ul aria-label="Lines in the charts">
        {listed.map(({ id, name, color }) => (
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
