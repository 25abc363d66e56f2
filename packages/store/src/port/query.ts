import type { FilterClause, OrderTerm, StringMap } from "@rivulet/domain";

/** A search below the port: filter and order parsed, page bounded. */
export interface StoreQuery {
  readonly where: readonly FilterClause[];
  /** Empty for the list's default order. */
  readonly order: readonly OrderTerm[];
  readonly limit: number;
  readonly pageToken?: string;
}

/** One of the numbered versions that a name has. */
export interface VersionKey {
  readonly name: string;
  readonly version: number;
}

/** What changes in something that goes by its name. What is left out stays. */
export interface NamedPatch extends TagPatch {
  readonly name: string;
  readonly description?: string;
  readonly updatedAt: number;
}

/** A patch of tags. */
export interface TagPatch {
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}
