import type { Page, PageQuery } from "./page.ts";

/**
 * Iterates over all items of a list, page by page. Continues by itself when a search runs out of time.
 *
 * ```ts
 * for await (const run of paginate(rivulet.runs.search, { filter: "metrics.acc > 0.9" })) console.log(run.name);
 * ```
 *
 * @throws what `list` throws
 */
export async function* paginate<T, Q extends PageQuery | undefined>(
  list: (query: Q) => Promise<Page<T>>,
  // What the list takes says what may be asked for, even where it can be left out there.
  query: NonNullable<NoInfer<Q>>,
): AsyncGenerator<T, void, undefined> {
  let { pageToken } = query;
  do {
    const page = await list(pageToken === undefined ? query : { ...query, pageToken });
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}
