import type { SpanSkeleton } from "@rivulet/core";
import { formatCost } from "../../format/numbers.ts";
import { totalTokens } from "./token-usage.ts";

/** Most models that are named before the rest is counted. */
const MAX_NAMED = 3;

/** Models that took tokens for which nobody knows the price. */
export function unpricedModels(spans: readonly SpanSkeleton[]): readonly string[] {
  const unpriced = spans.filter(
    ({ usage = {}, cost, model }) =>
      cost === undefined && model !== undefined && (totalTokens(usage) ?? 0) > 0,
  );
  return [...new Set(unpriced.map(({ model = "" }) => model))];
}

/** "$0.12", "no price for m-1", "$0.12, no price for m-1 and 4 more"; `undefined` when nothing cost anything. */
export function costWords(
  cost: number | undefined,
  unpriced: readonly string[],
): string | undefined {
  const rest = unpriced.length - MAX_NAMED;
  const names = unpriced.slice(0, MAX_NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  const words = [
    ...(cost === undefined ? [] : [formatCost(cost)]),
    ...(unpriced.length === 0 ? [] : [`no price for ${names}`]),
  ];
  return words.length === 0 ? undefined : words.join(", ");
}
