import type { JSX } from "preact";
import { type Clause, isSameClause } from "./clause.ts";
import type { QuickClause } from "./filter-spec.ts";

/** Conditions that are often wanted; one click switches each on or off. */
export function QuickChips({
  quick,
  clauses,
  onChange,
}: {
  quick: readonly QuickClause[];
  clauses: readonly Clause[];
  onChange: (clauses: readonly Clause[]) => void;
}): JSX.Element | null {
  if (quick.length === 0) return null;
  return (
    <fieldset class="quick-chips" aria-label="Often wanted">
      {quick.map(({ label, clause }) => {
        const others = clauses.filter((one) => !isSameClause(one, clause));
        const isOn = others.length < clauses.length;
        return (
          <button
            key={label}
            type="button"
            class="quick-chip"
            aria-pressed={isOn}
            onClick={() => onChange(isOn ? others : [...clauses, clause])}
          >
            {label}
          </button>
        );
      })}
    </fieldset>
  );
}
