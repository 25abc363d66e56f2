import type { Dataset } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Tags } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { SearchBox } from "../../components/search-box.tsx";
import { Age } from "../../components/time.tsx";
import { formatCount } from "../../format/numbers.ts";
import { askDatasets } from "../../questions/datasets.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { anywhere, fromSearchBox } from "../../search/filter-text.ts";

const COLUMNS: readonly Column<Dataset>[] = [
  {
    key: "name",
    label: "Name",
    width: 220,
    cell: ({ name }) => (
      <a class="row-link" href={paths.dataset(name)}>
        {name}
      </a>
    ),
  },
  {
    key: "description",
    label: "Description",
    width: 240,
    grow: true,
    cell: ({ description }) => <span title={description}>{description}</span>,
  },
  {
    key: "recordCount",
    label: "Records",
    width: 90,
    isNumber: true,
    cell: ({ recordCount }) => formatCount(recordCount),
  },
  {
    key: "version",
    label: "Version",
    width: 84,
    isNumber: true,
    cell: ({ version }) => `v${version}`,
  },
  { key: "tags", label: "Tags", width: 200, cell: ({ tags }) => <Tags tags={tags} /> },
  {
    key: "updatedAt",
    label: "Updated",
    width: 110,
    cell: ({ updatedAt }) => <Age time={updatedAt} />,
  },
];

/** All datasets. */
export function DatasetsPage(): JSX.Element {
  const [text, setText] = useQueryState("q");
  const filter = fromSearchBox(text, (words) => `name ILIKE ${anywhere(words)}`);
  return (
    <PageFrame title="Datasets" fill>
      <div class="toolbar">
        <SearchBox
          label="Find datasets"
          placeholder="Name, or a filter: recordCount > 100"
          value={text}
          onSearch={setText}
        />
      </div>
      <DataTable
        label="Datasets"
        columns={COLUMNS}
        answer={usePages(askDatasets({ filter }))}
        keyOf={(dataset) => dataset.name}
        empty={
          <EmptyState
            title={text === "" ? "No datasets yet." : "No dataset matches."}
            code={`await rivulet.datasets.create({
  name: "qa", records: [{ inputs: { question: "2 + 2?" }, expectations: "4" }],
});`}
          />
        }
      />
    </PageFrame>
  );
}
