import type { Experiment } from "@rivulet/core";
import type { JSX } from "preact";
import { Tags } from "../../components/chips.tsx";
import type { Column } from "../../components/column.ts";
import { EmptyState } from "../../components/notices.tsx";
import { NewButton } from "../../components/thing-actions.tsx";
import { Age } from "../../components/time.tsx";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { nameFilter } from "../../lists/name-filter.ts";
import { EXPERIMENT_WRITES } from "../../questions/bulk.ts";
import { askExperiments } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { ExperimentDialog } from "./experiment-dialog.tsx";
import { ExperimentPreview } from "./experiment-preview.tsx";

const COLUMNS: readonly Column<Experiment>[] = [
  {
    key: "name",
    label: "Name",
    width: 260,
    grow: true,
    canSort: true,
    cell: (experiment) => (
      <a class="row-link" href={paths.experiment(experiment.id)}>
        {experiment.name}
      </a>
    ),
  },
  { key: "tags", label: "Tags", width: 280, cell: ({ tags }) => <Tags tags={tags} /> },
  { key: "id", label: "Id", width: 170, cell: ({ id }) => <code>{id}</code> },
  {
    key: "createdAt",
    label: "Created",
    width: 120,
    canSort: true,
    cell: ({ createdAt }) => ageOf(createdAt),
  },
  {
    key: "updatedAt",
    label: "Updated",
    width: 120,
    canSort: true,
    cell: ({ updatedAt }) => ageOf(updatedAt),
  },
];

/** Nothing for `Default`, which nobody has made. */
function ageOf(time: number): JSX.Element | null {
  return time === 0 ? null : <Age time={time} />;
}

/** All experiments. */
export function ExperimentsPage(): JSX.Element {
  return <ListPage spec={EXPERIMENTS} />;
}

const EXPERIMENTS: ListSpec<Experiment> = {
  list: "experiments",
  title: "Experiments",
  noun: "experiment",
  columns: COLUMNS,
  filter: nameFilter("experiment", "tags.team = 'search'"),
  order: "createdAt DESC",
  keyOf: ({ id }) => id,
  nameOf: ({ name }) => name,
  hrefOf: ({ id }) => paths.experiment(id),
  tools: (
    <NewButton label="New experiment" dialog={(close) => <ExperimentDialog onClose={close} />} />
  ),
  canRestore: true,
  bulk: EXPERIMENT_WRITES,
  ask: askExperiments,
  panel: (experiment) => <ExperimentPreview experiment={experiment} />,
  empty: (
    <EmptyState
      title="No experiments yet."
      code={'const run = await rivulet.runs.start({ experiment: "churn" });'}
    />
  ),
};
