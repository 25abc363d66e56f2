import type { ScoreComparison } from "@rivulet/core";

/** The text in a column of this width. */
export function column(text: string, width: number): string {
  return text.padEnd(width);
}

/** `96.7 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

const WIDTHS = [16, 8, 8, 30, 31];

/** The paired comparison as lines of a table. */
export function comparisonTable(
  scores: readonly ScoreComparison[],
  [before, after]: readonly [number, number],
): readonly string[] {
  const head = [
    "score",
    `v${before}`,
    `v${after}`,
    "difference (95 % interval)",
    "rows",
    "verdict",
  ];
  return [head, ...scores.map(tableRow)].map(toLine);
}

function tableRow(score: ScoreComparison): readonly string[] {
  const { name, baselineMean, candidateMean, improved, regressed, unchanged, verdict } = score;
  return [
    name,
    number(baselineMean),
    number(candidateMean),
    `${signed(score.difference)} [${signed(score.low)}, ${signed(score.high)}]`,
    `${improved} better, ${regressed} worse, ${unchanged} same`,
    verdict,
  ];
}

function toLine(cells: readonly string[]): string {
  return cells
    .map((cell, index) => column(cell, WIDTHS[index] ?? 0))
    .join("")
    .trimEnd();
}

function number(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}

function signed(value: number | null): string {
  return value === null ? "–" : `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}
