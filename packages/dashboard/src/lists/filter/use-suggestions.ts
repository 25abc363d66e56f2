import { useEffect, useState } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { allOf } from "../../search/filter-text.ts";
import { takesValue } from "./clause.ts";
import type { FilterSpec } from "./filter-spec.ts";
import { conditionsOf, type FilterState, textOf } from "./filter-state.ts";
import { type Draft, type Suggestion, suggest } from "./suggestions.ts";

/** Pause in typing after which values are looked up. */
const PAUSE_MS = 200;

/** What fits what is typed. Values are those of the rows that the other conditions leave. */
export function useSuggestions(
  typed: { readonly text: string; readonly draft: Draft | undefined; readonly isOpen: boolean },
  list: {
    readonly spec: FilterSpec;
    readonly state: FilterState;
    readonly experimentId: string | undefined;
  },
): { readonly suggestions: readonly Suggestion[]; readonly isLoading: boolean } {
  const { text, draft, isOpen } = typed;
  const { spec, experimentId } = list;
  const contains = usePaused(text.trim());
  const keyed = useQuery(isOpen ? spec.keyedFields?.(experimentId) : undefined);
  const wanted = isOpen && draft?.field.isListed === true && takesValue(draft.operator);
  const others = list.state.clauses.filter((_, index) => index !== draft?.index);
  const values = useQuery(
    wanted
      ? spec.values?.({
          field: draft.field.name,
          // Where there is one short list of values, it is asked for once.
          contains: draft.field.choices === undefined ? contains : "",
          filter: allOf(
            ...conditionsOf({ words: list.state.words, clauses: others }, spec),
            list.state.text,
          ),
          text: textOf(list.state, spec),
          experimentIds: experimentId === undefined ? undefined : [experimentId],
        })
      : undefined,
  );
  return {
    suggestions: suggest({
      text,
      draft,
      fields: [...spec.fields, ...(keyed.data ?? [])],
      values: values.data ?? [],
    }),
    isLoading: values.isLoading || contains !== text.trim(),
  };
}

/** The text once nobody has typed for a moment; an empty text at once. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return text === "" ? "" : paused;
}
