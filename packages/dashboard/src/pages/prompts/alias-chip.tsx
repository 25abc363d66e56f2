import type { PromptArm } from "@rivulet/core";
import type { JSX } from "preact";
import { formatShare } from "../../format/numbers.ts";

/** Where an alias points: `production → v3`, or the shares of a split. */
export function AliasChip({
  alias,
  arms,
}: {
  alias: string;
  arms: readonly PromptArm[];
}): JSX.Element {
  return (
    <span class="chip tone-accent" title={describeArms(arms)}>
      {alias} <span class="muted">→ {describeArms(arms)}</span>
    </span>
  );
}

/** `v3`, or `v3 80 % · v4 20 %`. */
export function describeArms(arms: readonly PromptArm[]): string {
  if (arms.length === 1) return `v${arms[0]?.version}`;
  const total = totalWeight(arms);
  return arms
    .map(({ version, weight }) => `v${version} ${formatShare(weight / total)}`)
    .join(" · ");
}

/** Sum of the weights. */
export function totalWeight(arms: readonly PromptArm[]): number {
  return arms.reduce((sum, arm) => sum + arm.weight, 0);
}
