import type { Entity } from "@rivulet/domain/entities";
import { indexTerm } from "../kit/declared-table.ts";
import type { Stage } from "./order.ts";
import type { Branch } from "./plan.ts";

/**
 * Whether an index has the rows of a stage in order, so that a window of them can be cut off without sorting
 * all. Many experiments are walked by the index of all.
 */
export function isWalked(
  entity: Entity,
  { keys, through }: Stage,
  { experimentCount }: Branch,
): boolean {
  if (through !== undefined) return true;
  const wanted = keys.map(({ expression, descending }) => `${expression} ${descending}`);
  return (entity.indexes ?? []).some(({ on, where, cut }) => {
    if (where !== undefined || cut === true) return false;
    const [first = "", ...rest] = on;
    const isLed = experimentCount === 1 && first === "experimentId";
    const terms = (isLed ? rest : on).map((term) => {
      const { expression, descending } = indexTerm(entity, term, "t");
      return `${expression} ${descending}`;
    });
    return sameTerms(terms, wanted) || sameTerms(terms.map(reversed), wanted);
  });
}

function sameTerms(terms: readonly string[], wanted: readonly string[]): boolean {
  return terms.length === wanted.length && terms.every((term, index) => term === wanted[index]);
}

function reversed(term: string): string {
  return term.endsWith("true") ? term.replace(/true$/, "false") : term.replace(/false$/, "true");
}
