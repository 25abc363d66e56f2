import type { JSX } from "preact";
import type { PagedQuestion } from "../api/query-client.ts";
import { usePages } from "../api/use-query.ts";
import { useQueryState } from "../routing/query-state.ts";
import { anywhere, fromSearchBox } from "../search/filter-text.ts";
import { DataTable, type DataTableProps } from "./data-table.tsx";
import { EmptyState } from "./notices.tsx";
import { PageFrame } from "./page.tsx";
import { SearchBox } from "./search-box.tsx";

/** What a {@link SearchPage} takes. */
export interface SearchPageProps<Row>
  extends Pick<DataTableProps<Row>, "columns" | "keyOf" | "order" | "onOrder"> {
  /** Plural, such as `Models`. */
  readonly title: string;
  /** Singular, such as `model`. */
  readonly noun: string;
  /** A filter to show in the empty search box. */
  readonly filterExample: string;
  /** Code that creates the first one. */
  readonly code: string;
  readonly ask: (query: { readonly filter: string }) => PagedQuestion<Row>;
}

/** A page that lists everything of one kind, with a box that searches it by name or with a filter. */
export function SearchPage<Row>({
  title,
  noun,
  filterExample,
  code,
  ask,
  ...table
}: SearchPageProps<Row>): JSX.Element {
  const [text, setText] = useQueryState("q");
  const filter = fromSearchBox(text, (words) => `name ILIKE ${anywhere(words)}`);
  const nouns = title.toLowerCase();
  return (
    <PageFrame title={title} fill>
      <div class="toolbar">
        <SearchBox
          label={`Find ${nouns}`}
          placeholder={`Name, or a filter: ${filterExample}`}
          value={text}
          onSearch={setText}
        />
      </div>
      <DataTable
        {...table}
        label={title}
        answer={usePages(ask({ filter }))}
        empty={
          <EmptyState
            title={text === "" ? `No ${nouns} yet.` : `No ${noun} matches.`}
            code={code}
          />
        }
      />
    </PageFrame>
  );
}
