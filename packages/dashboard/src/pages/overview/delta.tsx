import type { JSX } from "preact";
import { formatShare } from "../../format/numbers.ts";

/** How a number has changed. */
export interface DeltaProps {
  readonly now: number | undefined;
  readonly before: number | undefined;
  /** Shares are compared by points; all else by how much of what it was. */
  readonly isShare?: boolean;
  /** Which direction is an improvement; without it none is. */
  readonly better?: "lower" | "higher" | undefined;
  /** Such as `24 h before`. */
  readonly than: string;
}

/** How a number has changed since the time before: arrow, words, and a colour only where it is good or bad. */
export function Delta({ now, before, isShare = false, better, than }: DeltaProps): JSX.Element {
  if (now === undefined || before === undefined || (before === 0 && !isShare)) {
    return <span class="delta">nothing {than}</span>;
  }
  const change = isShare ? now - before : now / before - 1;
  // Less than a tenth of a percent is said to be none.
  const size = Math.abs(change) < 0.0005 ? 0 : change;
  if (size === 0) return <span class="delta">→ as {than}</span>;
  const isGood = better === undefined ? undefined : size > 0 === (better === "higher");
  const tone = isGood === undefined ? "" : isGood ? "tone-good" : "tone-bad";
  const [arrow, word] = size > 0 ? ["↑", "more"] : ["↓", "less"];
  return (
    <span class="delta">
      <span class={tone}>
        <span aria-hidden="true">{arrow} </span>
        {amount(Math.abs(size), isShare)} {word}
      </span>
      <span class="hidden-text"> than {than}</span>
    </span>
  );
}

function amount(size: number, isShare: boolean): string {
  if (isShare) return formatShare(size).replace("%", "points");
  return size >= 10 ? `${Math.round(size + 1)} ×` : formatShare(size);
}
