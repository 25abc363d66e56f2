import type { JSX } from "preact";
import { Icon } from "../../components/icon.tsx";
import { type Clause, CONTRARY, isSameClause, OPERATOR_WORDS } from "./clause.ts";
import { fieldOf } from "./field-of.ts";
import type { FilterSpec } from "./filter-spec.ts";
import type { FilterState } from "./filter-state.ts";

/** What holds for the rows in the list, each as a chip: its sign turns it round, its value is edited, its cross removes it. */
export function ClauseChips({
  spec,
  state,
  onChange,
  onEdit,
  onEditText,
}: {
  spec: FilterSpec;
  state: FilterState;
  onChange: (change: Partial<FilterState>) => void;
  /** Edits the clause at this place. */
  onEdit: (index: number) => void;
  onEditText: () => void;
}): JSX.Element | null {
  const { words, clauses, text } = state;
  if (words === "" && clauses.length === 0 && text === "") return null;
  const replace = (index: number, ...by: readonly Clause[]): void =>
    onChange({ clauses: clauses.toSpliced(index, 1, ...by) });
  return (
    <ul class="chips clauses" aria-label="Conditions">
      {words === "" ? null : (
        <Chip name={`the words ${words}`} onRemove={() => onChange({ words: "" })}>
          <span class="chip-words">“{words}”</span>
        </Chip>
      )}
      {clauses.map((clause, index) =>
        spec.initial !== undefined && isSameClause(clause, spec.initial.clause) ? (
          <Chip
            key="initial"
            name={`the condition ${spec.initial.label}`}
            onRemove={() => replace(index)}
          >
            <span class="chip-words">{spec.initial.label}</span>
          </Chip>
        ) : (
          <ClauseChip
            key={`${index} ${clause.field}`}
            clause={clause}
            label={fieldOf(clause.field, spec).label}
            onEdit={() => onEdit(index)}
            onChange={(...by) => replace(index, ...by)}
          />
        ),
      )}
      {text === "" ? null : (
        <Chip name="the filter text" onRemove={() => onChange({ text: "" })}>
          <button type="button" class="chip-part" title="Edit the filter text" onClick={onEditText}>
            <code>{text}</code>
          </button>
        </Chip>
      )}
    </ul>
  );
}

function ClauseChip({
  clause,
  label,
  onEdit,
  onChange,
}: {
  clause: Clause;
  label: string;
  onEdit: () => void;
  onChange: (...by: readonly Clause[]) => void;
}): JSX.Element {
  const { operator, value } = clause;
  const words = `${label} ${OPERATOR_WORDS[operator]} ${value}`.trim();
  const contrary = CONTRARY[operator];
  return (
    <Chip name={`the condition ${words}`} onRemove={() => onChange()}>
      <button
        type="button"
        class="chip-part"
        title={`Edit the condition ${words}`}
        onClick={onEdit}
      >
        {label}
      </button>
      <button
        type="button"
        class="chip-part chip-sign"
        title={`Negate: ${label} ${OPERATOR_WORDS[contrary]} ${value}`.trim()}
        onClick={() => onChange({ ...clause, operator: contrary })}
      >
        {OPERATOR_WORDS[operator]}
      </button>
      {value === "" ? null : (
        <button
          type="button"
          class="chip-part chip-value"
          title={`Edit the condition ${words}`}
          onClick={onEdit}
        >
          {value}
        </button>
      )}
    </Chip>
  );
}

function Chip({
  name,
  onRemove,
  children,
}: {
  /** What is removed. */
  name: string;
  onRemove: () => void;
  children: JSX.Element | readonly (JSX.Element | null)[];
}): JSX.Element {
  return (
    <li class="chip">
      {children}
      <button type="button" class="chip-remove" title={`Remove ${name}`} onClick={onRemove}>
        <Icon name="cross" />
        <span class="hidden-text">Remove {name}</span>
      </button>
    </li>
  );
}
