import type { SqlValue, Statement } from "../database.ts";
import type { SortKey } from "./order.ts";

/** The sort values of a row. */
export type PageKey = readonly SqlValue[];

/** Rows after the key, in the order. */
export function behind(keys: readonly SortKey[], key: PageKey): Statement {
  return beyond(keys, key, { later: true });
}

/** Rows up to the key, in the order. */
export function upTo(keys: readonly SortKey[], key: PageKey): Statement {
  return beyond(keys, key, { later: false });
}

/** The row with this identity, whatever else it is sorted by. */
export function named(keys: readonly SortKey[], key: PageKey): readonly Statement[] {
  return keys.flatMap((part, place) => (part.isName ? [compared(part, "=", key[place])] : []));
}

function beyond(
  keys: readonly SortKey[],
  key: PageKey,
  { later }: { readonly later: boolean },
): Statement {
  const [first] = keys;
  const isOneWay = keys.every(({ descending }) => descending === first?.descending);
  // An index covers the whole range when all keys run in the same direction.
  return isOneWay && !key.includes(null)
    ? asRow(keys, key, later)
    : asAlternatives(keys, key, later);
}

function asRow(keys: readonly SortKey[], key: PageKey, later: boolean): Statement {
  const sign = later === (keys[0]?.descending ?? false) ? "<" : ">";
  const names = keys.map(({ expression }) => expression).join(", ");
  return {
    sql: `(${names}) ${sign}${later ? "" : "="} (${key.map(() => "?").join(", ")})`,
    values: [...keys.flatMap(({ values }) => values), ...key],
  };
}

/** Beyond the key in the first term, or equal there and beyond it in the second, and so on. */
function asAlternatives(keys: readonly SortKey[], key: PageKey, later: boolean): Statement {
  const alternatives = keys.map((last, index) => {
    const prior = keys.slice(0, index).map((same, place) => compared(same, "=", key[place]));
    const isEnd = !later && index === keys.length - 1;
    const sign = later === last.descending ? "<" : ">";
    const parts = [...prior, compared(last, isEnd ? `${sign}=` : sign, key[index])];
    return {
      sql: parts.map((part) => part.sql).join(" AND "),
      values: parts.flatMap(({ values }) => values),
    };
  });
  return {
    sql: alternatives.map((part) => `(${part.sql})`).join(" OR "),
    values: alternatives.flatMap(({ values }) => values),
  };
}

function compared(
  { expression, values }: SortKey,
  operator: string,
  value: SqlValue | undefined,
): Statement {
  // Values that only rows of another rank have are NULL here.
  if (value === null || value === undefined) {
    return operator.endsWith("=")
      ? { sql: `(${expression}) IS NULL`, values }
      : { sql: "0 = 1", values: [] };
  }
  return { sql: `${expression} ${operator} ?`, values: [...values, value] };
}
