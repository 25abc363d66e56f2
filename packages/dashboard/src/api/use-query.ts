import { RivuletError } from "@rivulet/client";
import type { Page } from "@rivulet/core";
import {
  type DefaultedInfiniteQueryObserverOptions,
  type InfiniteData,
  InfiniteQueryObserver,
  notifyManager,
  type QueryKey,
  QueryObserver,
} from "@tanstack/query-core";
import { useEffect, useReducer, useState } from "preact/hooks";
import { type PagedQuestion, type Question, queryClient } from "./query-client.ts";

/** An answer, or the wait for it. */
export interface Answer<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  /** What is shown is nothing yet, or the answer to the question before. */
  readonly isLoading: boolean;
  readonly retry: () => void;
}

/** A paged answer. */
export interface PagedAnswer<T> extends Answer<readonly T[]> {
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
}

/** Whether what was asked for is not there. */
export function isMissing(error: Error | null): error is RivuletError {
  return error instanceof RivuletError && error.code === "not_found";
}

/** Asks, and draws again whenever the answer changes. Without a question nothing is asked. */
export function useQuery<T>(question: Question<T> | undefined): Answer<T> {
  const options = queryClient.defaultQueryOptions<T, Error, T, T, QueryKey>({
    ...(question ?? { queryKey: ["nothing"], enabled: false }),
    _optimisticResults: "optimistic",
  });
  const [observer] = useState(() => new QueryObserver<T>(queryClient, options));
  useObserver(observer);
  useEffect(() => observer.setOptions(options), [observer, options.queryHash]);
  const result = observer.getOptimisticResult(options);
  // What has been deleted meanwhile is not there any more, and nothing can be done with it.
  const isThere = question !== undefined && !isMissing(result.error);
  return {
    data: isThere ? result.data : undefined,
    error: result.error,
    isLoading: question !== undefined && (result.isPending || result.isPlaceholderData),
    retry: () => void observer.refetch(),
  };
}

/** Asks for the first page, then for more when told to. */
export function usePages<T>(question: PagedQuestion<T>): PagedAnswer<T> {
  const options = withDefaults({ ...question, _optimisticResults: "optimistic" });
  const [observer] = useState(
    () =>
      new InfiniteQueryObserver<Page<T>, Error, Pages<T>, QueryKey, string>(queryClient, options),
  );
  useObserver(observer);
  useEffect(() => observer.setOptions(options), [observer, options.queryHash]);
  const result = observer.getOptimisticResult(options);
  return {
    data: result.data?.pages.flatMap((page) => page.items),
    error: result.error,
    isLoading: result.isPending || result.isPlaceholderData,
    retry: () => void observer.refetch(),
    hasMore: result.data?.pages.at(-1)?.nextPageToken !== undefined,
    isLoadingMore: result.isFetchingNextPage,
    loadMore: () => void loadMore(observer),
  };
}

/** While the pages before are asked for anew, a request for the next would be lost: it waits for them. */
async function loadMore(observer: {
  getCurrentResult(): { readonly isFetching: boolean; readonly isFetchingNextPage: boolean };
  refetch(options: { readonly cancelRefetch: false }): Promise<unknown>;
  fetchNextPage(options: { readonly cancelRefetch: false }): Promise<unknown>;
}): Promise<void> {
  const { isFetching, isFetchingNextPage } = observer.getCurrentResult();
  if (isFetching && !isFetchingNextPage) await observer.refetch({ cancelRefetch: false });
  await observer.fetchNextPage({ cancelRefetch: false });
}

type Pages<T> = InfiniteData<Page<T>, string>;

/** The client fills in defaults for paged questions as well; only its type does not say so. */
function withDefaults<T>(question: PagedQuestion<T>) {
  return queryClient.defaultQueryOptions(
    question as never,
  ) as never as DefaultedInfiniteQueryObserverOptions<Page<T>, Error, Pages<T>, QueryKey, string>;
}

function useObserver(observer: { subscribe(listener: () => void): () => void }): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => observer.subscribe(notifyManager.batchCalls(() => draw(undefined))), [observer]);
}
