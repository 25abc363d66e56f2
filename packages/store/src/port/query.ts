import type { Condition, OrderTerm, StringMap } from "@rivulet/domain";

/** A search below the port: filter and order parsed, page bounded. */
export interface StoreQuery {
  /** All of them hold of what is found. */
  readonly where: readonly Condition[];
  /** Empty for the list's default order. */
  readonly order: readonly OrderTerm[];
  readonly limit: number;
  readonly pageToken?: string;
  /**
   * What relative times count from, in milliseconds since the epoch. The pages behind the first one count from
   * its time, which is in their token.
   */
  readonly now?: number;
  /**
   * Milliseconds after which a page ends with what was found so far. `0` looks at the first stretch only.
   *
   * @default 2000
   */
  readonly budgetMs?: number;
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

/** Everything that a filter finds, as one. */
export interface CountQuery extends Pick<StoreQuery, "where" | "now"> {
  readonly experimentIds: readonly string[];
  /** Milliseconds after which it fails with `deadline_exceeded`. @default 10000 */
  readonly budgetMs?: number;
}

/** A patch of tags. */
export interface TagPatch {
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}
