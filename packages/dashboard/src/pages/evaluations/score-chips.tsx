import type { ScoreSummary } from "@rivulet/core";
import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";
import { formatShare, formatShort } from "../../format/numbers.ts";

/** The mean of each scorer. */
export function ScoreChips({ scores }: { scores: readonly ScoreSummary[] }): JSX.Element {
  return (
    <span class="chips">
      {scores.map(({ name, mean, coverage }) => (
        <Chip key={name}>
          <span class="muted">{name}</span> {mean === null ? "–" : formatShort(mean)}
          {coverage < 1 ? <span class="muted"> of {formatShare(coverage)}</span> : null}
        </Chip>
      ))}
    </span>
  );
}
