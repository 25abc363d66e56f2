import type { FilterField } from "@rivulet/domain";
import type { Compared } from "./compare.ts";

/** How an attribute is read in SQL. */
export interface SearchAttribute {
  /** An expression over the table `t`. */
  readonly expression: string;
  /** What it is compared with: times are given in milliseconds and stored in microseconds. */
  readonly type: "text" | "number" | "time";
  readonly nullable?: boolean;
}

/** How a keyed value (tag, metric, param …) is looked up. */
export interface Lookup {
  /** A subquery over `v` that ends in a WHERE on the owner and the bound key. */
  readonly from: string;
  /** The value inside it. */
  readonly value: Compared;
  /** A scalar subquery with the key bound, to sort by. */
  readonly sortValue?: string;
}

/** What a table can be searched and sorted by. */
export interface SearchTable {
  readonly name: string;
  readonly attributes: Readonly<Record<string, SearchAttribute>>;
  readonly lookups: Partial<Readonly<Record<FilterField["kind"], Lookup>>>;
  readonly defaultOrder: readonly SortColumn[];
  /** What makes any order total. */
  readonly tieBreak: readonly SortColumn[];
}

/** A column and its direction. */
export interface SortColumn {
  readonly column: string;
  readonly descending: boolean;
}

/** The look-up of tags of an entity whose tags are owned by `owner`. */
export function tagLookup(entity: string, owner: string): Lookup {
  return pairLookup(
    `FROM tags v WHERE v.entity = '${entity}' AND v.owner = ${owner} AND v.key = ?`,
    "text",
  );
}

/** The look-up of a table `v` of keys and values. */
export function pairLookup(from: string, type: "text" | "number"): Lookup {
  return {
    from,
    value: { type, expression: "v.value" },
    sortValue: `(SELECT v.value ${from})`,
  };
}
