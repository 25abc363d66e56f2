import type { Experiment } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { usePages } from "../../api/use-query.ts";
import { SearchList, type SearchOption } from "../../components/search-list.tsx";
import { askExperiments } from "../../questions/tracking.ts";
import { anywhere } from "../../search/filter-text.ts";
import { recentExperiments } from "../../settings/recent-experiments.ts";
import { useDelayed } from "./use-delayed.ts";

/** What takes an experiment; `undefined` stands for all of them. */
export interface ExperimentListProps {
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
}

/** Finds an experiment among any number of them: those that were used last come first, then the newest. */
export function ExperimentList({ chosen, onChoose }: ExperimentListProps): JSX.Element {
  const [text, setText] = useState("");
  const words = useDelayed(text.trim());
  const found = usePages(
    askExperiments({ filter: words === "" ? "" : `name ILIKE ${anywhere(words)}` }),
  );
  const recent = usePages(askExperiments({ filter: anyOf(recentExperiments()) })).data ?? [];
  const shownRecent = words === "" ? inOrder(recent) : [];
  const option = ({ id, name }: Experiment): SearchOption => ({
    key: id,
    label: name,
    isCurrent: id === chosen,
    onChoose: () => onChoose(id),
  });
  const all: SearchOption = {
    key: "all",
    label: "All experiments",
    isCurrent: chosen === undefined,
    onChoose: () => onChoose(undefined),
  };
  const more: SearchOption = { key: "more", label: "Show more…", onChoose: found.loadMore };
  const others = (found.data ?? []).filter(({ id }) => !shownRecent.some((one) => one.id === id));
  return (
    <SearchList
      label="Find an experiment"
      placeholder="Name of an experiment"
      text={text}
      onText={setText}
      groups={[
        { title: "", options: words === "" ? [all] : [] },
        { title: "Recent", options: shownRecent.map(option) },
        {
          title: words === "" ? "Newest" : "Found",
          options: [...others.map(option), ...(found.hasMore ? [more] : [])],
        },
      ]}
      note={
        found.data?.length === 0 && !found.isLoading ? "No experiment has this name." : undefined
      }
    />
  );
}

function anyOf(ids: readonly string[]): string {
  if (ids.length === 0) return "id = ''";
  return `id IN (${ids.map((id) => `'${id}'`).join(", ")})`;
}

function inOrder(experiments: readonly Experiment[]): readonly Experiment[] {
  return recentExperiments().flatMap((id) => experiments.find((one) => one.id === id) ?? []);
}
