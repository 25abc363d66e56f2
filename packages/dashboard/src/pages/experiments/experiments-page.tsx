import type { Experiment } from "@rivulet/core";
import type { JSX } from "preact";
import { Tags } from "../../components/chips.tsx";
import type { Column } from "../../components/data-table.tsx";
import { SearchPage } from "../../components/search-page.tsx";
import { Age } from "../../components/time.tsx";
import { askExperiments } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";

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
  const [order, setOrder] = useQueryState("order", "createdAt DESC");
  return (
    <SearchPage
      title="Experiments"
      noun="experiment"
      filterExample="tags.team = 'search'"
      columns={COLUMNS}
      ask={({ filter }) => askExperiments({ filter, orderBy: order })}
      keyOf={(experiment) => experiment.id}
      order={order}
      onOrder={setOrder}
      code={'const run = await rivulet.runs.start({ experiment: "churn" });'}
    />
  );
}
