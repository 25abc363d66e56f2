import { useEffect, useState } from "preact/hooks";
import { type Clause, takesValue } from "./clause.ts";
import { fieldOf } from "./field-of.ts";
import type { FilterSpec } from "./filter-spec.ts";
import type { FilterState } from "./filter-state.ts";
import { type Draft, isValueOf, type Suggestion } from "./suggestions.ts";

/** What a chip is made with. */
export interface ClauseBuilder {
  readonly text: string;
  readonly draft: Draft | undefined;
  readonly setText: (text: string) => void;
  readonly choose: (suggestion: Suggestion) => void;
  /** Takes what is typed: as the value of the draft, else as words. Tells whether it could. */
  readonly enter: () => boolean;
  /** Makes the last chip a draft again. */
  readonly takeBack: () => void;
  readonly cancel: () => void;
}

interface BuilderOptions {
  readonly spec: FilterSpec;
  readonly state: FilterState;
  readonly onChange: (change: Partial<FilterState>) => void;
  readonly edited: number | undefined;
  readonly onEdited: () => void;
}

/** The chip in the making: from a field over its operator to a value, or words. */
export function useClauseBuilder(
  options: BuilderOptions,
  input: { readonly current: HTMLInputElement | null },
): ClauseBuilder {
  const { spec, state, onChange, edited, onEdited } = options;
  const [text, setText] = useState("");
  const [draft, setDraft] = useState<Draft>();
  const begin = (next: Draft | undefined, typed = ""): void => {
    setDraft(next);
    setText(typed);
  };
  const edit = (index: number): void => {
    const clause = state.clauses[index];
    if (clause === undefined) return;
    const { field, operator, value } = clause;
    begin({ field: fieldOf(field, spec), operator, index }, value);
    input.current?.focus();
  };
  useEffect(() => {
    if (edited !== undefined) edit(edited);
  }, [edited]);
  const finish = (change: Partial<FilterState>): void => {
    onChange(change);
    begin(undefined);
    onEdited();
  };
  const add = (clause: Clause): void => {
    const index = draft?.index ?? state.clauses.length;
    finish({ clauses: state.clauses.toSpliced(index, 1, clause) });
  };
  return {
    text,
    draft,
    setText,
    cancel: () => finish({}),
    enter: () => {
      const value = text.trim();
      if (draft !== undefined) return enterValue(draft, value, add);
      if (value !== "") finish({ words: value });
      return value !== "";
    },
    takeBack: () => {
      if (draft !== undefined) finish({});
      else if (state.clauses.length > 0) edit(state.clauses.length - 1);
      else if (state.words !== "") {
        finish({ words: "" });
        setText(state.words);
      }
    },
    choose: (suggestion) => chooseSuggestion(suggestion, { draft, begin, add, finish, text }),
  };
}

function enterValue(draft: Draft, value: string, add: (clause: Clause) => void): boolean {
  const { field, operator } = draft;
  const isComplete = !takesValue(operator) || (value !== "" && isValueOf(draft, value));
  if (isComplete) add({ field: field.name, operator, value: takesValue(operator) ? value : "" });
  return isComplete;
}

interface Making {
  readonly text: string;
  readonly draft: Draft | undefined;
  readonly begin: (draft: Draft, text?: string) => void;
  readonly add: (clause: Clause) => void;
  readonly finish: (change: Partial<FilterState>) => void;
}

function chooseSuggestion(
  suggestion: Suggestion,
  { text, draft, begin, add, finish }: Making,
): void {
  switch (suggestion.kind) {
    case "clause":
      add(suggestion.clause);
      break;
    case "words":
      finish({ words: suggestion.text });
      break;
    case "field": {
      const { field } = suggestion;
      begin({ field, operator: field.type === "number" ? "more" : "is" });
      break;
    }
    default: {
      const { operator } = suggestion;
      if (draft === undefined) break;
      if (takesValue(operator)) begin({ ...draft, operator }, text);
      else add({ field: draft.field.name, operator, value: "" });
    }
  }
}
