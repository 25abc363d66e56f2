import { RivuletError } from "@rivulet/client";
import type { Page, StoreChange } from "@rivulet/core";
import {
  type InfiniteData,
  type InfiniteQueryObserverOptions,
  keepPreviousData,
  type Query,
  QueryClient,
  type QueryKey,
  type QueryObserverOptions,
} from "@tanstack/query-core";
import { type AnswerOf, callVerb, type MethodOf, rivulet, type VerbId } from "./client.ts";

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
  readonly subject: StoreChange["entity"] | "me" | "store";
  readonly id?: string;
}

/** The cache of everything that was asked. */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof RivuletError && error.details["answered"] === false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: "always",
    },
  },
});

/** Of answers that live changes leave as they are. */
export const STEADY: { readonly isSteady: true } = { isSteady: true };

/** A question with one answer: what a verb of the client gives. */
export function ask<Id extends VerbId>(
  about: About,
  id: Id,
  ...given: Parameters<MethodOf<Id>>
): Question<AnswerOf<Id>> {
  return {
    queryKey: keyOf(about, id, given),
    queryFn: ({ signal }) => callVerb(rivulet.withSignal(signal), id, given),
  };
}

type ItemOf<Id extends VerbId> = AnswerOf<Id> extends Page<infer Item> ? Item : never;

/** A question with a paged answer; the pages before stay in view while other words are looked up. */
export function askPages<Id extends VerbId>(
  about: About,
  id: Id,
  query: Loose<NonNullable<Parameters<MethodOf<Id>>[0]>>,
): PagedQuestion<ItemOf<Id>> {
  const given = withoutEmpty(query);
  return {
    queryKey: [...keyOf(about, id, [given]), "pages"],
    queryFn: ({ signal, pageParam }) => {
      const page = withoutEmpty({ ...given, pageToken: pageParam });
      const answer = callVerb(rivulet.withSignal(signal), id, [page] as never);
      return answer as Promise<Page<ItemOf<Id>>>;
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextPageToken,
    placeholderData: keepPreviousData,
  };
}

/** The same question where no matter is what comes, only whether it does. */
export function untyped<T>(question: PagedQuestion<T>): PagedQuestion<unknown> {
  return question as never;
}

/** The same options, some of which may be `undefined`. */
export type Loose<T> = { readonly [Key in keyof T]: T[Key] | undefined };

/** An empty filter, order or token asks for nothing. */
function withoutEmpty(query: object): Record<string, unknown> {
  const entries = Object.entries(query);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ""));
}

function keyOf(about: About, id: string, given: readonly unknown[]): QueryKey {
  return [about.subject, about.id ?? null, id, given];
}

/** Asks again whatever is in view and depends on what changed; without ids, on anything of that kind. */
export async function refresh(
  subject: About["subject"],
  ids: readonly string[] = [],
): Promise<void> {
  await queryClient.invalidateQueries({ predicate: (query) => dependsOn(query, { subject, ids }) });
}

/** Something that has changed elsewhere; without a subject it is not known what, without ids not which. */
export interface Change {
  readonly subject: About["subject"] | undefined;
  readonly ids: readonly string[];
}

/** Looks at a change by itself. @returns how many requests that took */
export type ChangeListener = (change: Change) => Promise<number>;

const listeners = new Set<ChangeListener>();

/** Tells of changes elsewhere, for as long as it is not called off. */
export function onChange(listener: ChangeListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Brings what is in view up to date with a change elsewhere. @returns how many requests that took */
export async function follow(change: Change): Promise<number> {
  const predicate = (query: Query): boolean =>
    query.meta?.["isSteady"] !== true && dependsOn(query, change);
  const asked = queryClient.getQueryCache().findAll({ type: "active", predicate }).length;
  const answers = [...listeners].map((listener) => listener(change));
  await queryClient.invalidateQueries({ predicate });
  return (await Promise.all(answers)).reduce((sum, count) => sum + count, asked);
}

function dependsOn({ queryKey: [about, id] }: Query, { subject, ids }: Change): boolean {
  if (subject === undefined) return true;
  return about === subject && (ids.length === 0 || id === null || ids.includes(id as string));
}

/** Asks again for lists in view: the page of what was deleted is about to be left. */
export function refreshLists(subject: About["subject"]): Promise<void> {
  return refresh(subject, [""]);
}
