import type { Dataset } from "@rivulet/core";
import type { JSX } from "preact";
import { Tags } from "../../components/chips.tsx";
import type { Column } from "../../components/column.ts";
import { EmptyState } from "../../components/notices.tsx";
import { NewButton } from "../../components/thing-actions.tsx";
import { Age } from "../../components/time.tsx";
import { formatCount } from "../../format/numbers.ts";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { nameFilter } from "../../lists/name-filter.ts";
import { askDatasets } from "../../questions/datasets.ts";
import { paths } from "../../routing/paths.ts";
import { DatasetPreview } from "./dataset-preview.tsx";
import { NewDatasetDialog } from "./new-dataset-dialog.tsx";

const COLUMNS: readonly Column<Dataset>[] = [
  {
    key: "name",
    label: "Name",
    width: 220,
    canSort: true,
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
    canSort: true,
    isNumber: true,
    cell: ({ recordCount }) => formatCount(recordCount),
  },
  {
    key: "version",
    label: "Version",
    width: 84,
    canSort: true,
    isNumber: true,
    cell: ({ version }) => `v${version}`,
  },
  { key: "tags", label: "Tags", width: 200, cell: ({ tags }) => <Tags tags={tags} /> },
  {
    key: "updatedAt",
    label: "Updated",
    width: 110,
    canSort: true,
    cell: ({ updatedAt }) => <Age time={updatedAt} />,
  },
];

/** All datasets. */
export function DatasetsPage(): JSX.Element {
  return <ListPage spec={DATASETS} />;
}

const DATASETS: ListSpec<Dataset> = {
  list: "datasets",
  title: "Datasets",
  noun: "dataset",
  columns: COLUMNS,
  filter: nameFilter("dataset", "recordCount > 100"),
  order: "name ASC",
  keyOf: ({ name }) => name,
  nameOf: ({ name }) => name,
  hrefOf: ({ name }) => paths.dataset(name),
  ask: askDatasets,
  tools: <NewButton label="New dataset" dialog={(close) => <NewDatasetDialog onClose={close} />} />,
  panel: (dataset) => <DatasetPreview dataset={dataset} />,
  empty: (
    <EmptyState
      title="No datasets yet."
      code={`await rivulet.datasets.create({
  name: "qa", records: [{ inputs: { question: "2 + 2?" }, expectations: "4" }],
});`}
    />
  ),
};
