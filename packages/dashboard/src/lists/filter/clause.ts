import { anywhere, quote } from "../../search/filter-text.ts";

/** How the value of a field is compared; `contains` takes the text as it stands, without wildcards. */
export const OPERATORS = [
  "is",
  "is-not",
  "contains",
  "contains-not",
  "more",
  "less",
  "at-least",
  "at-most",
  "exists",
  "missing",
] as const;

/** One of {@link OPERATORS}. */
export type Operator = (typeof OPERATORS)[number];

/** One condition of the filter bar: a chip. */
export interface Clause {
  /** As the filter language names it: `status`, `tags.env`, ``metrics.`val loss` ``. */
  readonly field: string;
  readonly operator: Operator;
  /** As it was typed or chosen; empty where the operator takes none. */
  readonly value: string;
}

/** What a field's values compare as; `any` is text or a number, as it comes. */
export type FieldType = "text" | "number" | "any";

/** The words for an operator. */
export const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  is: "=",
  "is-not": "≠",
  contains: "contains",
  "contains-not": "does not contain",
  more: ">",
  less: "<",
  "at-least": "≥",
  "at-most": "≤",
  exists: "is there",
  missing: "is missing",
};

/** What says the contrary. */
export const CONTRARY: Readonly<Record<Operator, Operator>> = {
  is: "is-not",
  "is-not": "is",
  contains: "contains-not",
  "contains-not": "contains",
  more: "at-most",
  "at-most": "more",
  less: "at-least",
  "at-least": "less",
  exists: "missing",
  missing: "exists",
};

const TEXT_OPERATORS = ["is", "is-not", "contains", "contains-not", "exists", "missing"] as const;
const NUMBER_OPERATORS = ["more", "less", "at-least", "at-most"] as const;

/** Which operators a type has, the likeliest first. */
export const OPERATORS_OF: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: TEXT_OPERATORS,
  number: [...NUMBER_OPERATORS, "is", "is-not", "exists", "missing"],
  any: [...TEXT_OPERATORS.slice(0, 4), ...NUMBER_OPERATORS, "exists", "missing"],
};

/** Whether an operator compares with a value. */
export function takesValue(operator: Operator): boolean {
  return operator !== "exists" && operator !== "missing";
}

/**
 * A clause in the filter language. What is negated also finds rows that do not have the field at all, as people expect;
 * `!=` would leave them out.
 */
export function clauseFilter({ field, operator, value }: Clause, type: FieldType): string {
  const number = isNumber(value) ? value.trim() : quote(value);
  const written = type === "number" ? number : quote(value);
  switch (operator) {
    case "is":
      return `${field} = ${written}`;
    case "is-not":
      return `NOT ${field} = ${written}`;
    case "contains":
      return `${field} ILIKE ${anywhere(value)}`;
    case "contains-not":
      return `NOT ${field} ILIKE ${anywhere(value)}`;
    case "exists":
      return `${field} IS NOT NULL`;
    case "missing":
      return `${field} IS NULL`;
    default:
      return `${field} ${{ more: ">", less: "<", "at-least": ">=", "at-most": "<=" }[operator]} ${number}`;
  }
}

/** Whether a text reads as a number. */
export function isNumber(text: string): boolean {
  return /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text);
}

/** A clause for the URL: `status:is:error`. */
export function writeClause({ field, operator, value }: Clause): string {
  return [field, operator, value]
    .map((part) => part.replaceAll("%", "%25").replaceAll(":", "%3A"))
    .join(":");
}

/** A clause from the URL; nothing if somebody has broken it. */
export function readClause(text: string): Clause | undefined {
  const [field = "", operator = "", value, ...more] = text
    .split(":")
    .map((part) => part.replaceAll("%3A", ":").replaceAll("%25", "%"));
  const known = OPERATORS.find((one) => one === operator);
  if (field === "" || known === undefined || value === undefined || more.length > 0)
    return undefined;
  return { field, operator: known, value };
}

/** Whether two clauses say the same. */
export function isSameClause(one: Clause, other: Clause): boolean {
  return writeClause(one) === writeClause(other);
}
