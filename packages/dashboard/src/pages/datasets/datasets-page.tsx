import type { Dataset } from "@rivulet/core";
import type { JSX } from "preact";
import { Tags } from "../../components/chips.tsx";
import type { Column } from "../../components/data-table.tsx";
import { SearchPage } from "../../components/search-page.tsx";
import { Age } from "../../components/time.tsx";
import { formatCount } from "../../format/numbers.ts";
import { askDatasets } from "../../questions/datasets.ts";
import { paths } from "../../routing/paths.ts";

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
  return (
    <SearchPage
      title="Datasets"
      noun="dataset"
      filterExample="recordCount > 100"
      columns={COLUMNS}
      ask={askDatasets}
      keyOf={(dataset) => dataset.name}
      code={`await rivulet.datasets.create({
  name: "qa", records: [{ inputs: { question: "2 + 2?" }, expectations: "4" }],
});`}
    />
  );
}
