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

/** How a clause compares. `LIKE` minds case, `ILIKE` does not; `%` and `_` are wild. */
export type FilterOperator =
  | "="
  | "!="
  | ">"
  | ">="
  | "<"
  | "<="
  | "LIKE"
  | "ILIKE"
  | "IN"
  | "NOT IN"
  | "IS NULL"
  | "IS NOT NULL";

/** One clause; a filter is clauses joined by AND. */
export interface FilterClause {
  readonly field: FilterField;
  readonly operator: FilterOperator;
  /** A list for IN and NOT IN, nothing for IS NULL and IS NOT NULL. */
  readonly value?: string | number | readonly (string | number)[];
}

/** One term of an order. */
export interface OrderTerm {
  readonly field: FilterField;
  readonly descending: boolean;
}
