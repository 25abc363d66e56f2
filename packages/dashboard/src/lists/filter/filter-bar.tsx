import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../components/icon.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { isSameClause } from "./clause.ts";
import { ClauseChips } from "./clause-chips.tsx";
import { FilterField } from "./filter-field.tsx";
import type { FilterSpec, QuickClause } from "./filter-spec.ts";
import type { FilterState } from "./filter-state.ts";
import type { FilterTextFormProps } from "./filter-text-form.tsx";
import { QuickChips } from "./quick-chips.tsx";
import { TimeRangeSelect } from "./time-range-select.tsx";

const FilterTextForm = lazyComponent<FilterTextFormProps>(
  async () => (await import("./more.ts")).FilterTextForm,
);

/** Narrows a list: words, chips, a range of time, and the filter language one click away. */
export function FilterBar({
  label,
  spec,
  state,
  onChange,
  experimentId,
  ask,
  children,
}: {
  /** What is found, such as `Find runs`. */
  label: string;
  spec: FilterSpec;
  state: FilterState;
  onChange: (change: Partial<FilterState>) => void;
  /** Values are suggested of this experiment; without it, of all. */
  experimentId?: string | undefined;
  /** Asks for rows that a filter finds, so that its mistakes are known before it is applied. */
  ask: FilterTextFormProps["ask"];
  children?: ComponentChildren;
}): JSX.Element {
  const [isText, setText] = useState(false);
  const [edited, setEdited] = useState<number>();
  return (
    <div class="filter-bar">
      <div class="toolbar">
        <FilterField
          label={label}
          spec={spec}
          state={state}
          onChange={onChange}
          experimentId={experimentId}
          edited={edited}
          onEdited={() => setEdited(undefined)}
        />
        {spec.time === undefined ? null : (
          <TimeRangeSelect value={state.range} onChange={(range) => onChange({ range })} />
        )}
        <button
          type="button"
          class="button"
          aria-expanded={isText}
          title="Show and edit the conditions in the filter language"
          onClick={() => setText(!isText)}
        >
          <Icon name="code" />
          <span class="can-shrink">Filter text</span>
        </button>
        {children}
      </div>
      {isText ? (
        <FilterTextForm
          spec={spec}
          state={state}
          ask={ask}
          onApply={onChange}
          onClose={() => setText(false)}
        />
      ) : null}
      <div class="toolbar conditions">
        <QuickChips
          quick={quickOf(spec, state)}
          clauses={state.clauses}
          onChange={(clauses) => onChange({ clauses })}
        />
        <ClauseChips
          spec={spec}
          state={state}
          onChange={onChange}
          onEdit={setEdited}
          onEditText={() => setText(true)}
        />
      </div>
    </div>
  );
}

/** What one click switches on or off; the condition that a list has by itself is a chip of its own while it is on. */
function quickOf(
  { quick = [], initial }: FilterSpec,
  { clauses }: FilterState,
): readonly QuickClause[] {
  const isOn = initial !== undefined && clauses.some((one) => isSameClause(one, initial.clause));
  return initial === undefined || isOn ? quick : [...quick, initial];
}
