import type { ComponentChildren, JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { formatCount } from "../../format/numbers.ts";
import { filterParams, readFilterState } from "../../lists/filter/filter-state.ts";
import { askRowNested } from "../../questions/in-cells.ts";
import { setQueryState } from "../../routing/query-state.ts";

/** How many runs are nested in one; narrows the list to them. */
export function NestedCount({ runId }: { runId: string }): JSX.Element | null {
  const count = useQuery(askRowNested(runId)).data ?? 0;
  return count === 0 ? null : <ListNested runId={runId}>{formatCount(count)}</ListNested>;
}

/** Narrows the list to the runs that are nested in one. */
export function ListNested({
  runId,
  children,
}: {
  runId: string;
  children: ComponentChildren;
}): JSX.Element {
  const narrow = (): void => {
    const { clauses } = readFilterState(new URLSearchParams(location.hash.split("?")[1]));
    const others = clauses.filter(({ field }) => field !== "parentRunId");
    const nested = { field: "parentRunId", operator: "is", value: runId } as const;
    setQueryState({ ...filterParams({ clauses: [...others, nested] }), group: "" });
  };
  return (
    <button
      type="button"
      class="link-button over-row"
      title="List the runs that are nested in it"
      onClick={narrow}
    >
      {children}
    </button>
  );
}
