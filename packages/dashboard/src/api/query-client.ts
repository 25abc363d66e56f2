import type { Page, StoreChange } from "@rivulet/core";
import {
  type InfiniteData,
  type InfiniteQueryObserverOptions,
  keepPreviousData,
  QueryClient,
  type QueryKey,
  type QueryObserverOptions,
} from "@tanstack/query-core";
import { ApiError, apiUrl, getJson, getText, type QueryValues } from "./http.ts";

/** A question to the API. */
export type Question<T> = QueryObserverOptions<T>;
/** A question whose answer comes in pages. */
export type PagedQuestion<T> = InfiniteQueryObserverOptions<
  Page<T>,
  Error,
  InfiniteData<Page<T>, string>,
  QueryKey,
  string
>;

/** What an answer depends on, in the words of live changes; `id` when it is about one entity. */
export interface About {
  readonly subject: StoreChange["entity"] | "me";
  readonly id?: string;
}

/** The cache of everything that was asked. */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && error.code === "network",
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: "always",
    },
  },
});

/** A question with one answer. */
export function ask<T>(about: About, path: string, query?: QueryValues): Question<T> {
  const url = apiUrl(path, query);
  return { queryKey: keyOf(about, url), queryFn: ({ signal }) => getJson<T>(url, signal) };
}

/** A question whose answer is text. */
export function askText(about: About, url: string): Question<string> {
  return { queryKey: keyOf(about, url), queryFn: ({ signal }) => getText(url, signal) };
}

/** A question with a paged answer; the pages before stay in view while other words are looked up. */
export function askPages<T>(about: About, path: string, query: QueryValues = {}): PagedQuestion<T> {
  return {
    queryKey: [...keyOf(about, apiUrl(path, query)), "pages"],
    queryFn: ({ signal, pageParam }) =>
      getJson<Page<T>>(apiUrl(path, { ...query, pageToken: pageParam }), signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextPageToken,
    placeholderData: keepPreviousData,
  };
}

function keyOf(about: About, url: string): QueryKey {
  return [about.subject, about.id ?? null, url];
}

/** Asks again whatever is in view and depends on what changed; without ids, on anything of that kind. */
export async function refresh(
  subject: About["subject"],
  ids: readonly string[] = [],
): Promise<void> {
  const changed = new Set<unknown>(ids);
  await queryClient.invalidateQueries({
    predicate: ({ queryKey: [about, id] }) =>
      about === subject && (changed.size === 0 || id === null || changed.has(id)),
  });
}
