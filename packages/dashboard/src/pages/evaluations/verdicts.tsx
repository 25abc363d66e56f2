import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";
import { Icon, type IconName } from "../../components/icon.tsx";
import { PlainTable } from "../../components/plain-table.tsx";
import { lookUp } from "../../format/look-up.ts";
import { formatDifference, formatShort } from "../../format/numbers.ts";
import { BetterSelect } from "./better-select.tsx";
import { IntervalBar, scaleAroundZero } from "./interval-bar.tsx";
import type { DirectedScore } from "./score-directions.ts";

type Look = { tone: "good" | "bad" | "quiet"; icon: IconName; word: string };

const LOOKS: Readonly<Record<DirectedScore["verdict"], Look>> = {
  better: { tone: "good", icon: "check", word: "Better" },
  worse: { tone: "bad", icon: "warning", word: "Worse" },
  noise: { tone: "quiet", icon: "pause", word: "Within noise" },
  unknown: { tone: "quiet", icon: "clock", word: "Not known" },
};

/** Where nobody has said which way the score improves: up or down, and no colour. */
function lookOf({ verdict, better, difference }: DirectedScore): Look {
  if (better !== undefined || verdict === "noise" || verdict === "unknown") {
    return lookUp<Look>(LOOKS, verdict) ?? LOOKS.unknown;
  }
  return (difference ?? 0) > 0
    ? { tone: "quiet", icon: "chevron-up", word: "Higher" }
    : { tone: "quiet", icon: "chevron-down", word: "Lower" };
}

/** How the candidate differs from the baseline, scorer by scorer. */
export function Verdicts({
  scores,
  experimentId,
}: {
  scores: readonly DirectedScore[];
  /** Which keeps which way its scores improve. */
  experimentId: string;
}): JSX.Element {
  const scale = scaleAroundZero(
    scores.flatMap(({ low, high, difference }) => [low, high, difference]),
  );
  return (
    <div class="wide-table">
      <PlainTable
        label="Verdict per scorer"
        class="summaries"
        head={[
          "Scorer",
          "Verdict",
          { number: "Baseline" },
          { number: "Candidate" },
          "Difference, 95 % interval",
          { number: "Improved" },
          { number: "Regressed" },
          { number: "Same" },
          { number: "One side only" },
        ]}
      >
        {scores.map((score) => (
          <VerdictRow key={score.name} score={score} scale={scale} experimentId={experimentId} />
        ))}
      </PlainTable>
    </div>
  );
}

function VerdictRow({
  score,
  scale,
  experimentId,
}: {
  score: DirectedScore;
  experimentId: string;
  scale: { readonly min: number; readonly max: number };
}): JSX.Element {
  const { tone, icon, word } = lookOf(score);
  const { difference, low, high } = score;
  return (
    <tr>
      <th scope="row">
        {score.name}
        <BetterSelect score={score} experimentId={experimentId} />
      </th>
      <td>
        <Chip tone={tone}>
          <Icon name={icon} />
          {word}
        </Chip>
      </td>
      <td class="number">{meanText(score.baselineMean)}</td>
      <td class="number">{meanText(score.candidateMean)}</td>
      <td class="interval-cell">
        {difference === null ? (
          "–"
        ) : (
          <>
            <IntervalBar value={difference} low={low} high={high} scale={scale} zero />
            <strong class="number">{formatDifference(difference)}</strong>{" "}
            <span class="muted number">{rangeText(low, high)}</span>
          </>
        )}
      </td>
      <td class="number">{score.better === undefined ? "–" : score.improved}</td>
      <td class="number">{score.better === undefined ? "–" : score.regressed}</td>
      <td class="number">{score.unchanged}</td>
      <td class={score.oneSided === 0 ? "number" : "number tone-bad"}>{score.oneSided}</td>
    </tr>
  );
}

function meanText(mean: number | null): string {
  return mean === null ? "–" : formatShort(mean);
}

function rangeText(low: number | null, high: number | null): string {
  if (low === null || high === null) return "";
  return `${formatDifference(low)} to ${formatDifference(high)}`;
}
