/** What a list is narrowed and ordered by; what is empty or `undefined` counts as left out. */
export interface ListQuery {
  readonly experimentIds?: readonly string[] | undefined;
  readonly filter?: string | undefined;
  readonly orderBy?: string | undefined;
  readonly limit?: number | undefined;
}

/** A list's query as the client takes it. */
export function searched({ orderBy = "", ...query }: ListQuery): Omit<ListQuery, "orderBy"> & {
  readonly orderBy: readonly string[] | undefined;
} {
  return { ...query, orderBy: orderBy === "" ? undefined : [orderBy] };
}
