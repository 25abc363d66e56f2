import * as z from "zod";

/** One page of a list, in the order of the list. */
export interface Page<T> {
  /** The items of this page; may be empty even when there is a next page. */
  readonly items: readonly T[];
  /** Pass it as `pageToken` to get the next page; absent on the last one. */
  readonly nextPageToken?: string;
  /**
   * `false` when the search ran out of time before the page was full: `nextPageToken` continues where it stopped.
   * Otherwise absent.
   */
  readonly complete?: false;
}

/** Paging options, which every list takes. */
export interface PageQuery {
  /** Items per page, 1 to 1000. @default 100 */
  readonly limit?: number;
  /** `nextPageToken` of the previous page. Opaque. @default the first page */
  readonly pageToken?: string;
}

/** Options of every search that takes a filter. */
export interface SearchQuery extends PageQuery {
  /** A condition in the filter language: `metrics.acc > 0.9 AND (params.lr < 0.1 OR tags.team = 'a')`. */
  readonly filter?: string;
  /** Terms such as `field` or `field DESC`, most significant first. Each list documents its default order. */
  readonly orderBy?: readonly string[];
}

/** Which entities a search returns. @default 'active' */
export type LifecycleFilter = "active" | "deleted" | "all";

/** Whether an entity is soft-deleted: then it is hidden and can be restored. */
export type LifecycleStage = "active" | "deleted";

/** Largest `limit` of a page. */
export const MAX_PAGE_SIZE = 1000;
/** Default `limit` of a page. */
export const DEFAULT_PAGE_SIZE = 100;

/** Schema of a page of `item`. */
export function pageSchema<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  return z.object({
    items: z.array(item),
    nextPageToken: z.string().exactOptional(),
    complete: z.literal(false).exactOptional(),
  });
}

/** Schema of {@link LifecycleStage}. */
export const lifecycleStageSchema: z.ZodType<LifecycleStage> = z.enum(["active", "deleted"]);
