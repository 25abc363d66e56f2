import { type LiveAnswer, useLivePages } from "../api/use-live-pages.ts";
import type { ListQuery } from "../questions/list-query.ts";
import { quote } from "../search/filter-text.ts";
import type { ListSpec } from "./list-spec.ts";

/** How many rows are looked at for what is new. */
const HEAD = 25;

/** The rows of a list, which stand still while others are written. */
export function useListRows<Row extends object>(
  spec: ListSpec<Row>,
  query: ListQuery,
): LiveAnswer<Row> {
  const { keyOf, keyField, ask } = spec;
  return useLivePages(ask(query), {
    keyOf,
    head: ask({ ...query, limit: HEAD }),
    ...(keyField !== undefined && {
      // Without the list's own filter: a row that no longer fits stays where it is, as it is now.
      byKeys: (keys) =>
        ask({
          ...query,
          text: undefined,
          filter: `${keyField} IN (${keys.map(quote).join(", ")})`,
          limit: keys.length,
        }),
    }),
  });
}
