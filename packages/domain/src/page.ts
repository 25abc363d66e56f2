import * as z from "zod";

/** One page of a list, in the list's fixed order. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back as `pageToken` for the next page; absent on the last one. */
  readonly nextPageToken?: string;
  /**
   * `false` when the search has used up its time before the page was full: `nextPageToken` goes on where it
   * has stopped. Left out otherwise.
   */
  readonly complete?: false;
}

/** What every search takes. */
export interface PageQuery {
  /** Items per page, 1 to 1000. @default 100 */
  readonly limit?: number;
  /** `nextPageToken` of the page before. Opaque. */
  readonly pageToken?: string;
}

/** What every search with the filter language takes. */
export interface SearchQuery extends PageQuery {
  /** A condition in the filter language: `metrics.acc > 0.9 AND (params.lr < 0.1 OR tags.team = 'a')`. */
  readonly filter?: string;
  /** `field` or `field ASC|DESC`, first is most significant. Each list has its own default. */
  readonly orderBy?: readonly string[];
}

/** Which entities a search sees. @default 'active' */
export type LifecycleFilter = "active" | "deleted" | "all";

/** Soft delete: a deleted entity is hidden, and can be restored. */
export type LifecycleStage = "active" | "deleted";

/** Largest page. */
export const MAX_PAGE_SIZE = 1000;
/** Page size where none is asked for. */
export const DEFAULT_PAGE_SIZE = 100;

/**
 * Every item of a list, page after page, also where a search was cut by its time: it goes on by itself.
 *
 * ```ts
 * for await (const run of paginate(rivulet.runs.search, { filter: "metrics.acc > 0.9" })) console.log(run.name);
 * ```
 *
 * @throws what `list` throws
 */
export async function* paginate<T, Q extends PageQuery>(
  list: (query: Q) => Promise<Page<T>>,
  query: Q,
): AsyncGenerator<T, void, undefined> {
  let pageToken = query.pageToken;
  do {
    const page = await list(pageToken === undefined ? query : { ...query, pageToken });
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

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
