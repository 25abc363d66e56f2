import type { Experiment } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Tags } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { SearchBox } from "../../components/search-box.tsx";
import { Age } from "../../components/time.tsx";
import { askExperiments } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { anywhere, fromSearchBox } from "../../search/filter-text.ts";

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
    cell: ({ createdAt }) => <Age time={createdAt} />,
  },
  {
    key: "updatedAt",
    label: "Updated",
    width: 120,
    canSort: true,
    cell: ({ updatedAt }) => <Age time={updatedAt} />,
  },
];

/** All experiments. */
export function ExperimentsPage(): JSX.Element {
  const [text, setText] = useQueryState("q");
  const [order, setOrder] = useQueryState("order", "createdAt DESC");
  const filter = fromSearchBox(text, (words) => `name ILIKE ${anywhere(words)}`);
  return (
    <PageFrame title="Experiments" fill>
      <div class="toolbar">
        <SearchBox
          label="Find experiments"
          placeholder="Name, or a filter: tags.team = 'search'"
          value={text}
          onSearch={setText}
        />
      </div>
      <DataTable
        label="Experiments"
        columns={COLUMNS}
        answer={usePages(askExperiments({ filter, orderBy: order }))}
        keyOf={(experiment) => experiment.id}
        order={order}
        onOrder={setOrder}
        empty={
          <EmptyState
            title={text === "" ? "No experiments yet." : "No experiment matches."}
            code={'const run = await rivulet.runs.start({ experiment: "churn" });'}
          />
        }
      />
    </PageFrame>
  );
}
