import type { Condition, FilterField, OrderTerm, StringMap } from "@rivulet/domain";

/** A search as the port takes it: filter and order are parsed, the page size is checked. */
export interface StoreQuery {
  /** Conditions that must all hold. */
  readonly where: readonly Condition[];
  /** Most significant term first; empty for the default order of the list. */
  readonly order: readonly OrderTerm[];
  /** Items per page. */
  readonly limit: number;
  /** `nextPageToken` of the previous page. @default the first page */
  readonly pageToken?: string;
  /**
   * The moment that relative times refer to, in milliseconds since the epoch. Later pages use that of the first page,
   * which is in their token.
   */
  readonly now?: number;
  /**
   * Milliseconds after which a page ends with what was found so far. `0` scans one step only.
   *
   * @default 2000
   */
  readonly budgetMs?: number;
}

/** Identifies a version of a model or prompt. */
export interface VersionKey {
  /** Name of the model or prompt. */
  readonly name: string;
  /** Number of the version. */
  readonly version: number;
}

/** Changes to an entity that is identified by its name. Absent fields stay as they are. */
export interface NamedPatch extends TagPatch {
  /** Name of the entity to change. */
  readonly name: string;
  /** New description. */
  readonly description?: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** The `updatedAt` that it must have; another one is a `conflict`. @default any */
  readonly expected?: number;
}

/** A filter whose matches are counted or summed up. */
export interface CountQuery extends Pick<StoreQuery, "where" | "now"> {
  /** Experiments to look in; empty for all. */
  readonly experimentIds: readonly string[];
  /** Milliseconds after which it fails with `deadline_exceeded`. @default 10000 */
  readonly budgetMs?: number;
}

/** A field whose values are listed, in the records that match. */
export interface ValuesQuery extends CountQuery {
  /** The field; its values are texts. */
  readonly field: FilterField;
  /** Only values with this text in them, in any case. @default all */
  readonly contains?: string;
  /** Most values. */
  readonly limit: number;
}

/** Changes to tags. */
export interface TagPatch {
  /** Tags to add or overwrite. */
  readonly tags?: StringMap;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
}
