import type { JSX } from "preact";
import { usePages } from "../api/use-query.ts";
import { EmptyState } from "../components/notices.tsx";
import type { ListQuery } from "../questions/list-query.ts";
import { isNarrowed, useFilterState } from "./filter/filter-state.ts";
import type { ListSpec } from "./list-spec.ts";

interface Nothing<Row extends object> {
  readonly spec: ListSpec<Row>;
  readonly query: ListQuery;
}

/** Stands in an empty list: nothing matches, nothing is there, or nothing but what the list leaves out by itself. */
export function NothingListed<Row extends object>(props: Nothing<Row>): JSX.Element {
  const { spec, query } = props;
  const [state] = useFilterState(spec.filter);
  if (isNarrowed(state, spec.filter) || query.lifecycle === "deleted")
    return <EmptyState title={`No ${spec.noun} matches.`} />;
  return state.clauses.length === 0 ? <>{spec.empty}</> : <NothingElse {...props} />;
}

function NothingElse<Row extends object>({ spec, query }: Nothing<Row>): JSX.Element | null {
  const [, change] = useFilterState(spec.filter);
  const leftOut = usePages(spec.ask({ ...query, filter: "", limit: 1 })).data;
  if (leftOut === undefined) return null;
  if (leftOut.length === 0) return <>{spec.empty}</>;
  return (
    <EmptyState
      title={`Only ${spec.filter.initial?.leftOut} have ${spec.title.toLowerCase()} here.`}
    >
      <button type="button" class="button" onClick={() => change({ clauses: [] })}>
        Show them
      </button>
    </EmptyState>
  );
}
