import type { ScoreSummary } from "@rivulet/core";
import type { JSX } from "preact";
import { PlainTable } from "../../components/plain-table.tsx";
import { formatShare, formatShort } from "../../format/numbers.ts";
import { IntervalBar, scaleOf } from "./interval-bar.tsx";

/** What each scorer says of the whole evaluation, with its 95 % confidence interval. */
export function ScoreSummaries({ scores }: { scores: readonly ScoreSummary[] }): JSX.Element {
  return (
    <div class="wide-table">
      <PlainTable
        label="Scores"
        class="summaries"
        head={[
          "Scorer",
          { number: "Mean" },
          "95 % interval",
          { number: "Coverage" },
          { number: "Scored" },
          { number: "Skipped" },
          { number: "Errors" },
        ]}
      >
        {scores.map((score) => (
          <Summary key={score.name} score={score} />
        ))}
      </PlainTable>
    </div>
  );
}

function Summary({ score }: { score: ScoreSummary }): JSX.Element {
  const { name, mean, low, high, coverage, scored, skipped, errors } = score;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">
        <strong>{mean === null ? "–" : formatShort(mean)}</strong>
      </td>
      <td class="interval-cell">
        {mean === null ? null : (
          <IntervalBar value={mean} low={low} high={high} scale={scaleOf([mean, low, high])} />
        )}
        <span class="muted number">{intervalText(low, high)}</span>
      </td>
      <td class={coverage < 1 ? "number tone-bad" : "number"}>{formatShare(coverage)}</td>
      <td class="number">{scored}</td>
      <td class="number">{skipped}</td>
      <td class={errors === 0 ? "number" : "number tone-bad"}>{errors}</td>
    </tr>
  );
}

/** `0.61 to 0.84`. */
function intervalText(low: number | null, high: number | null): string {
  if (low === null || high === null) return "";
  return `${formatShort(low)} to ${formatShort(high)}`;
}
