/** The field that a clause of a filter tests. */
export interface FilterField {
  /** `attribute` is a field of the entity itself; the others are looked up by `key`. */
  readonly kind:
    | "attribute"
    | "metric"
    | "min"
    | "max"
    | "first"
    | "best"
    | "param"
    | "tag"
    | "dataset"
    | "metadata"
    | "feedback"
    | "expectation"
    | "span";
  /** The attribute's name, or the metric's, param's, tag's … key. */
  readonly key: string;
}

/**
 * How a clause compares. `LIKE` is case-sensitive, `ILIKE` is not; both take the wildcards `%` and `_`, which an
 * `escape` before them takes literally. `RLIKE` takes a regular expression (RE2), `MATCH` takes words. Every operator except `IS NULL` is false for a missing value, negated
 * ones included.
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

/** Operators that can be negated with NOT. */
export type Negatable = "LIKE" | "ILIKE" | "RLIKE" | "IN" | "BETWEEN";

/** A point in time relative to the moment of the search: `now() - 1h`. */
export interface RelativeTime {
  /** Milliseconds after the search; negative before it. */
  readonly fromNow: number;
}

/** What a field is compared with. Numbers compare as numbers, text as text. */
export type FilterValue = string | number | RelativeTime;

/** One comparison of a filter. */
export interface FilterClause {
  /** Left-hand side. */
  readonly field: FilterField;
  /** How the field and the value are compared. */
  readonly operator: FilterOperator;
  /** A list for IN, a pair for BETWEEN, absent for IS NULL and IS NOT NULL. */
  readonly value?: FilterValue | readonly FilterValue[];
  /**
   * Of LIKE and ILIKE: the sign that makes the `%`, the `_` or the `escape` behind it stand for itself; a pattern has
   * nothing else behind it. @default none: every `%` and `_` is a wildcard
   */
  readonly escape?: string;
}

/** A condition of a filter, as a tree. */
export type Condition =
  | FilterClause
  | {
      /** Holds when all of these hold. */
      readonly all: readonly Condition[];
    }
  | {
      /** Holds when at least one of these holds. */
      readonly any: readonly Condition[];
    }
  | {
      /** Holds when this does not, and so also for a missing field. */
      readonly not: Condition;
    };

/** One term of `orderBy`. */
export interface OrderTerm {
  /** The field to sort by. */
  readonly field: FilterField;
  /** Largest first. */
  readonly descending: boolean;
}
