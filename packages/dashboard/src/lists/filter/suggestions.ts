import { type Clause, isNumber, OPERATORS_OF, type Operator, takesValue } from "./clause.ts";
import type { FilterField, SuggestedValue } from "./filter-spec.ts";

/** A chip in the making: its field is chosen, its value is typed. */
export interface Draft {
  readonly field: FilterField;
  readonly operator: Operator;
  /** Place of the chip that is edited; a new one without it. */
  readonly index?: number;
}

/** Whether a text can be the value of a draft: where a number is compared, nothing else can. */
export function isValueOf({ field, operator }: Draft, text: string): boolean {
  return field.type !== "number" || !takesValue(operator) || isNumber(text);
}

/** What can be chosen under the filter field. */
export type Suggestion =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "field"; readonly field: FilterField }
  | { readonly kind: "operator"; readonly operator: Operator }
  | { readonly kind: "clause"; readonly clause: Clause; readonly count?: number };

/** What is known for suggesting. */
export interface Typed {
  readonly text: string;
  readonly draft: Draft | undefined;
  readonly fields: readonly FilterField[];
  /** Values in use of the draft's field. */
  readonly values: readonly SuggestedValue[];
}

/** More would not be read. */
const MOST = 40;

/** What fits the text: its words first, then fields and values of theirs; of a chosen field its values and operators. */
export function suggest({ text, draft, fields, values }: Typed): readonly Suggestion[] {
  const typed = text.trim();
  if (draft !== undefined) return suggestForField(typed, draft, values);
  const words: readonly Suggestion[] = typed === "" ? [] : [{ kind: "words", text: typed }];
  const found = fields
    .filter(({ label, name }) => includes(label, typed) || includes(name, typed))
    .map((field): Suggestion => ({ kind: "field", field }));
  return [...words, ...choicesIn(fields, typed), ...found].slice(0, MOST);
}

/** `err` finds status = error. */
function choicesIn(fields: readonly FilterField[], typed: string): readonly Suggestion[] {
  if (typed.length < 2) return [];
  return fields.flatMap(({ name, choices = [] }) =>
    choices
      .filter((choice) => includes(choice, typed))
      .map(
        (value): Suggestion => ({ kind: "clause", clause: { field: name, operator: "is", value } }),
      ),
  );
}

function suggestForField(
  typed: string,
  draft: Draft,
  values: readonly SuggestedValue[],
): readonly Suggestion[] {
  const { field, operator } = draft;
  const clauseOf = (value: string): Clause => ({ field: field.name, operator, value });
  const known = valuesOf(field, values).filter(({ value }) => includes(value, typed));
  const isKnown = known.some(({ value }) => value === typed);
  const asTyped: readonly Suggestion[] =
    typed === "" || isKnown || !isValueOf(draft, typed)
      ? []
      : [{ kind: "clause", clause: clauseOf(typed) }];
  const inUse = known.map(
    ({ value, count }): Suggestion => ({
      kind: "clause",
      clause: clauseOf(value),
      ...(count !== undefined && { count }),
    }),
  );
  const operators = OPERATORS_OF[field.type]
    .filter((one) => one !== operator)
    .map((one): Suggestion => ({ kind: "operator", operator: one }));
  return [
    ...asTyped,
    ...(takesValue(operator) ? inUse.slice(0, MOST) : []),
    ...(typed === "" ? operators : []),
  ];
}

interface KnownValue {
  readonly value: string;
  readonly count?: number;
}

/** The only values a field can have, with their counts; where there is no such list, the values in use. */
function valuesOf(field: FilterField, values: readonly SuggestedValue[]): readonly KnownValue[] {
  if (field.choices === undefined) return values;
  return field.choices.map((value) => ({
    value,
    ...values.find((inUse) => inUse.value === value),
  }));
}

function includes(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
