import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Combobox, type ComboboxOption, type OptionGroup } from "../../components/combobox.tsx";
import { Icon } from "../../components/icon.tsx";
import { formatCount } from "../../format/numbers.ts";
import { type Clause, OPERATOR_WORDS, takesValue } from "./clause.ts";
import { fieldOf } from "./field-of.ts";
import type { FilterSpec } from "./filter-spec.ts";
import type { FilterState } from "./filter-state.ts";
import { isValueOf, type Suggestion } from "./suggestions.ts";
import { useClauseBuilder } from "./use-clause-builder.ts";
import { useSuggestions } from "./use-suggestions.ts";

/** What the field needs to know of its list. */
export interface FilterFieldProps {
  /** What is found, such as `Find runs`. */
  readonly label: string;
  readonly spec: FilterSpec;
  readonly state: FilterState;
  readonly onChange: (change: Partial<FilterState>) => void;
  readonly experimentId: string | undefined;
  /** The chip to edit, by its place; `onEdited` when that is over. */
  readonly edited: number | undefined;
  readonly onEdited: () => void;
}

/**
 * The one field of the filter bar. Words stay words, whatever is in them: Enter looks for them. A condition is made by
 * choosing a field, then a value.
 */
export function FilterField(props: FilterFieldProps): JSX.Element {
  const { label, spec } = props;
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setOpen] = useState(false);
  const builder = useClauseBuilder(props, input);
  const { text, draft } = builder;
  const { suggestions, isLoading } = useSuggestions({ text, draft, isOpen }, props);
  return (
    <div class="filter-field" aria-busy={isOpen && isLoading}>
      <Icon name="search" />
      {draft === undefined ? null : (
        <span class="draft">
          {draft.field.label} <b>{OPERATOR_WORDS[draft.operator]}</b>
        </span>
      )}
      <Combobox
        label={
          draft === undefined ? label : `${draft.field.label} ${OPERATOR_WORDS[draft.operator]}`
        }
        placeholder={
          draft === undefined
            ? spec.wordsHint
            : draft.field.type === "number"
              ? "A number"
              : "A value"
        }
        field={input}
        text={text}
        onText={builder.setText}
        groups={groupsOf(suggestions, builder.choose, spec)}
        onEnter={builder.enter}
        onBackspace={builder.takeBack}
        onEscape={builder.cancel}
        onOpenChange={setOpen}
      />
      {draft === undefined || text.trim() === "" || isValueOf(draft, text) ? null : (
        <span role="alert" class="draft tone-bad">
          not a number
        </span>
      )}
    </div>
  );
}

const HEADINGS: Readonly<Record<Suggestion["kind"], string>> = {
  words: "Words",
  clause: "Values",
  field: "Fields",
  operator: "Compare otherwise",
};

function groupsOf(
  suggestions: readonly Suggestion[],
  choose: (suggestion: Suggestion) => void,
  spec: FilterSpec,
): readonly OptionGroup[] {
  const kinds = ["words", "clause", "field", "operator"] as const;
  return kinds.map((kind) => ({
    label: HEADINGS[kind],
    options: suggestions
      .filter((suggestion) => suggestion.kind === kind)
      .map(
        (suggestion): ComboboxOption => ({
          key: JSON.stringify(suggestion),
          label: <Line suggestion={suggestion} spec={spec} />,
          onChoose: () => choose(suggestion),
          leadsOn: leadsOn(suggestion),
        }),
      ),
  }));
}

/** A field leads on to its values, an operator to the value it compares with. */
function leadsOn(suggestion: Suggestion): boolean {
  if (suggestion.kind === "operator") return takesValue(suggestion.operator);
  return suggestion.kind === "field";
}

function Line({ suggestion, spec }: { suggestion: Suggestion; spec: FilterSpec }): JSX.Element {
  switch (suggestion.kind) {
    case "words":
      return (
        <>
          <span>
            Find “{suggestion.text}” <span class="muted">as words</span>
          </span>
          <kbd>Enter</kbd>
        </>
      );
    case "field": {
      const { label, name } = suggestion.field;
      return (
        <>
          <span>{label}</span>
          {name === label ? null : <code class="muted">{name}</code>}
        </>
      );
    }
    case "operator":
      return <span>{OPERATOR_WORDS[suggestion.operator]}</span>;
    default:
      return <ValueLine {...suggestion} spec={spec} />;
  }
}

function ValueLine({
  clause: { field, operator, value },
  count,
  spec,
}: {
  clause: Clause;
  count?: number;
  spec: FilterSpec;
}): JSX.Element {
  return (
    <>
      <span>
        <span class="muted">
          {fieldOf(field, spec).label} {OPERATOR_WORDS[operator]}
        </span>{" "}
        {value}
      </span>
      {count === undefined ? null : <span class="number muted">{formatCount(count)}</span>}
    </>
  );
}
