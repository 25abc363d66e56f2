import type { Page } from "@rivulet/core";
import type { PagedQuestion } from "./query-client.ts";

/** Reads a list page by page, beside the pages that are in view. @throws RivuletError, or what `signal` was ended with */
export async function* readPages<T>(
  question: PagedQuestion<T>,
  signal: AbortSignal,
): AsyncGenerator<readonly T[], void> {
  const readPage = question.queryFn as never as (context: {
    readonly signal: AbortSignal;
    readonly pageParam: string;
  }) => Promise<Page<T>>;
  let pageParam: string | undefined = "";
  while (pageParam !== undefined) {
    signal.throwIfAborted();
    const page: Page<T> = await readPage({ signal, pageParam });
    yield page.items;
    pageParam = page.nextPageToken;
  }
}

/** Rows of a list, read to its end or to a bound. */
export interface ReadRows<T> {
  readonly rows: readonly T[];
  /** There are more. */
  readonly isCut: boolean;
}

/** Reads a list up to `most` rows. */
export async function readRows<T>(
  question: PagedQuestion<T>,
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
): Promise<ReadRows<T>> {
  const rows: T[] = [];
  for await (const page of readPages(question, signal)) {
    rows.push(...page);
    if (rows.length > most) return { rows: rows.slice(0, most), isCut: true };
  }
  return { rows, isCut: false };
}
