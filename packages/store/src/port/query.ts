import type { FilterClause, OrderTerm, StringMap } from "@rivulet/domain";

/** A search below the port: filter and order parsed, page bounded. */
export interface StoreQuery {
  readonly where: readonly FilterClause[];
  /** Empty for the list's default order. */
  readonly order: readonly OrderTerm[];
  readonly limit: number;
  readonly pageToken?: string;
}

/** A patch of tags. */
export interface TagPatch {
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}
