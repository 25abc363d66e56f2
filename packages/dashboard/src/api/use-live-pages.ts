import type { Page } from "@rivulet/core";
import { hashKey, type InfiniteData } from "@tanstack/query-core";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Change, onChange, type PagedQuestion, queryClient, STEADY } from "./query-client.ts";
import { type PagedAnswer, usePages } from "./use-query.ts";

/** How a live list is kept up to date. */
export interface LiveOptions<T> {
  readonly keyOf: (row: T) => string;
  /** The same question for its first few rows. */
  readonly head: PagedQuestion<T>;
  /** Asks for rows by their keys; for lists whose keys are those that changes name. */
  readonly byKeys?: (keys: readonly string[]) => PagedQuestion<T>;
}

/** Rows that have come since, and are not shown yet. */
export interface News {
  readonly count: number;
  /** There are more of them than were counted. */
  readonly isMore: boolean;
}

/** A paged answer that stands still while others write. */
export interface LiveAnswer<T> extends PagedAnswer<T> {
  readonly news: News;
  /** Shows the list from its beginning, with all that is new. */
  readonly takeIn: () => Promise<void>;
}

/** Most rows that are asked for again because they changed. */
const MOST_CHANGED = 100;

/**
 * A list that stands still while others write: of what is new only the head is asked for and counted, and rows that
 * change are changed in their place.
 */
export function useLivePages<T>(
  question: PagedQuestion<T>,
  options: LiveOptions<T>,
): LiveAnswer<T> {
  const hash = hashKey(question.queryKey);
  const answer = usePages({ ...question, meta: STEADY, staleTime: Number.POSITIVE_INFINITY });
  const [looked, setLooked] = useState<Looked & { readonly hash: string }>({ ...NOTHING, hash });
  const current = useRef<Asked<T>>({ question, options });
  current.current = { question, options };
  useEffect(() => {
    const look = async (change: Change): Promise<number> => {
      const { queryKey } = current.current.question;
      if (change.subject !== undefined && change.subject !== queryKey[0]) return 0;
      const found = await lookAgain(current.current, change).catch(failed);
      setLooked({ ...found, hash });
      return found.requests;
    };
    // Kept from an earlier visit: what has changed since is not known.
    if (queryClient.getQueryData(current.current.question.queryKey) !== undefined)
      void look({ subject: undefined, ids: [] });
    return onChange(look);
  }, [hash]);
  const { news, problem } = looked.hash === hash ? looked : NOTHING;
  return {
    ...answer,
    error: answer.error ?? problem,
    retry: () => {
      setLooked({ ...NOTHING, hash });
      answer.retry();
    },
    news,
    takeIn: async () => {
      await restart(question);
      setLooked({ ...NOTHING, hash });
    },
  };
}

type Pages<T> = InfiniteData<Page<T>, string>;

interface Asked<T> {
  readonly question: PagedQuestion<T>;
  readonly options: LiveOptions<T>;
}

/** What a look at a change has found. */
interface Looked {
  readonly news: News;
  readonly problem: Error | null;
  readonly requests: number;
}

const NOTHING: Looked = { news: { count: 0, isMore: false }, problem: null, requests: 1 };

function failed(error: unknown): Looked {
  return { ...NOTHING, problem: error instanceof Error ? error : new Error(String(error)) };
}

async function lookAgain<T>({ question, options }: Asked<T>, change: Change): Promise<Looked> {
  const { keyOf, head, byKeys } = options;
  const pages = queryClient.getQueryData<Pages<T>>(question.queryKey)?.pages ?? [];
  const known = new Set(pages.flatMap(({ items }) => items.map(keyOf)));
  // There is nothing that could move.
  if (known.size === 0) {
    await queryClient.invalidateQueries({ queryKey: question.queryKey, exact: true });
    return NOTHING;
  }
  const wanted = (change.ids.length === 0 ? [...known] : change.ids).filter((id) => known.has(id));
  const [first, changed] = await Promise.all([
    fetchFirst(head),
    byKeys === undefined || wanted.length === 0
      ? undefined
      : fetchFirst(byKeys(wanted.slice(0, MOST_CHANGED))),
  ]);
  putInPlace(question, keyOf, [...first.items, ...(changed?.items ?? [])]);
  const count = first.items.filter((row) => !known.has(keyOf(row))).length;
  const isMore = count === first.items.length && first.nextPageToken !== undefined;
  return { news: { count, isMore }, problem: null, requests: changed === undefined ? 1 : 2 };
}

async function fetchFirst<T>(question: PagedQuestion<T>): Promise<Page<T>> {
  const data = await queryClient.fetchInfiniteQuery({
    ...question,
    meta: STEADY,
    staleTime: 0,
    gcTime: 0,
  } as never);
  return (data as Pages<T>).pages[0] ?? { items: [] };
}

/** Rows that the list has are replaced where they stand. */
function putInPlace<T>(
  question: PagedQuestion<T>,
  keyOf: (row: T) => string,
  rows: readonly T[],
): void {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  queryClient.setQueryData<Pages<T>>(question.queryKey, (data) =>
    data === undefined
      ? undefined
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map((row) => byKey.get(keyOf(row)) ?? row),
          })),
        },
  );
}

/** Asks for the first page anew and forgets the others. */
async function restart<T>({ queryKey }: PagedQuestion<T>): Promise<void> {
  queryClient.setQueryData<Pages<T>>(queryKey, (data) =>
    data === undefined
      ? undefined
      : { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
  );
  await queryClient.refetchQueries({ queryKey, exact: true });
}
