import type { ListQuery } from "../questions/list-query.ts";
import { filterOf, readFilterState, textOf } from "./filter/filter-state.ts";
import type { ListIdentity } from "./list-spec.ts";

/** What a list asks the API for, by the parameters of its URL. */
export function readListQuery<Row extends object>(
  spec: ListIdentity<Row>,
  params: URLSearchParams,
  experimentId: string | undefined,
): ListQuery {
  const { initial } = spec.filter;
  const state = readFilterState(params, initial === undefined ? [] : [initial.clause]);
  const text = textOf(state, spec.filter);
  return {
    filter: filterOf(state, spec.filter, thisMinute()),
    ...(text !== "" && { text }),
    orderBy: params.get("order") ?? spec.order,
    experimentIds: experimentId === undefined ? undefined : [experimentId],
    ...(spec.canRestore === true && params.has("deleted") && { lifecycle: "deleted" }),
  };
}

/** A range that ends now moves once a minute, so that the question stays the same in between. */
function thisMinute(): number {
  return Math.ceil(Date.now() / 60_000) * 60_000;
}
