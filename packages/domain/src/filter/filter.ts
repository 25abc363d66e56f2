/** What a clause of a filter looks at. */
export interface FilterField {
  /** `attribute` is a field of the entity itself; the others look a `key` up. */
  readonly kind:
    | "attribute"
    | "metric"
    | "param"
    | "tag"
    | "metadata"
    | "feedback"
    | "expectation"
    | "span";
  /** The attribute's name, or the metric's, param's, tag's … key. */
  readonly key: string;
}

/**
 * How a clause compares. `LIKE` minds case, `ILIKE` does not; `%` and `_` are wild. `RLIKE` takes a regular
 * expression (RE2's), `MATCH` words. All of them, the negated ones too, are untrue of a value that is not
 * there; `IS NULL` is not.
 */
export type FilterOperator =
  | "="
  | "!="
  | ">"
  | ">="
  | "<"
  | "<="
  | Negatable
  | `NOT ${Negatable}`
  | "MATCH"
  | "IS NULL"
  | "IS NOT NULL";

/** Operators that may have a NOT in front. */
export type Negatable = "LIKE" | "ILIKE" | "RLIKE" | "IN" | "BETWEEN";

/** A moment, as long after the search as it says in milliseconds; before it when negative. */
export interface RelativeTime {
  readonly fromNow: number;
}

/** What a field is compared with. A number compares as a number, a text as text. */
export type FilterValue = string | number | RelativeTime;

/** One comparison of a filter. */
export interface FilterClause {
  readonly field: FilterField;
  readonly operator: FilterOperator;
  /** A list for IN, and of two for BETWEEN; nothing for IS NULL. */
  readonly value?: FilterValue | readonly FilterValue[];
}

/**
 * What must hold of everything that a filter finds. `not` holds wherever its condition does not, also of
 * what lacks the field.
 */
export type Condition =
  | FilterClause
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** One term of an order. */
export interface OrderTerm {
  readonly field: FilterField;
  readonly descending: boolean;
}
