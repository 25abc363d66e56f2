import type { View } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSearch } from "wouter-preact";
import { usePages } from "../../api/use-query.ts";
import { Menu } from "../../components/menu.tsx";
import { askViews, type ViewPlace } from "../../questions/views.ts";
import { ViewDialog } from "./view-dialog.tsx";
import { ViewList } from "./view-list.tsx";

/** Saved views of a list: picks one, and saves the list as it is arranged now. */
export function ViewMenu({
  place,
  columns,
}: {
  place: ViewPlace;
  /** The columns as the URL has them, also when it leaves them to the browser's memory. */
  columns: string;
}): JSX.Element {
  const [named, setNamed] = useState<View | "new">();
  const views = usePages(askViews(place)).data ?? [];
  const params = new URLSearchParams(useSearch());
  const current = views.find(({ id }) => id === params.get("view"));
  const query = arrangement(params, columns);
  return (
    <>
      <Menu label={current?.name ?? "Views"} icon="view" canShrink={current === undefined}>
        {(close) => (
          <ViewList
            views={views}
            current={current}
            query={query}
            onClose={close}
            onName={(view) => {
              close();
              setNamed(view);
            }}
          />
        )}
      </Menu>
      {named === undefined ? null : (
        <ViewDialog
          place={place}
          view={named === "new" ? undefined : named}
          query={query}
          onClose={() => setNamed(undefined)}
        />
      )}
    </>
  );
}

/** What of a list's URL a view keeps: not the row that is open, and not which view it is. */
function arrangement(params: URLSearchParams, columns: string): string {
  const kept = new URLSearchParams(params);
  kept.delete("open");
  kept.delete("view");
  if (columns !== "") kept.set("columns", columns);
  // In one order: the same arrangement is the same text.
  kept.sort();
  return kept.toString();
}
