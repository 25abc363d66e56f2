/** What a list is narrowed and ordered by; what is empty or `undefined` counts as left out. */
export interface ListQuery {
  readonly experimentIds?: readonly string[] | undefined;
  readonly filter?: string | undefined;
  /** Words to look for, where the API looks for them itself. */
  readonly text?: string | undefined;
  readonly orderBy?: string | undefined;
  readonly limit?: number | undefined;
  /** Only what was deleted, instead of what was not. */
  readonly lifecycle?: "deleted" | undefined;
}

/** A list's query as the client takes it. */
export function searched({ orderBy = "", lifecycle: _, ...query }: ListQuery): Omit<
  ListQuery,
  "orderBy" | "lifecycle"
> & {
  readonly orderBy: readonly string[] | undefined;
} {
  return { ...query, orderBy: orderBy === "" ? undefined : [orderBy] };
}

/** The same for what belongs to no experiment. */
export function searchedEverywhere({
  experimentIds: _,
  ...query
}: ListQuery): ReturnType<typeof searched> {
  return searched(query);
}

/** Which rows to count, as the client takes it. */
export function counted({ filter, text, experimentIds, lifecycle }: ListQuery): {
  readonly filter?: string;
  readonly text?: string;
  readonly experimentIds?: readonly string[];
  readonly lifecycle?: "deleted";
} {
  return {
    ...(filter !== undefined && filter !== "" && { filter }),
    ...(text !== undefined && text !== "" && { text }),
    ...(experimentIds !== undefined && { experimentIds }),
    ...(lifecycle !== undefined && { lifecycle }),
  };
}
