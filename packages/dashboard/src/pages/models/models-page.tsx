import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Chip, Tags } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { SearchBox } from "../../components/search-box.tsx";
import { Age } from "../../components/time.tsx";
import { askModels } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { anywhere, fromSearchBox } from "../../search/filter-text.ts";

const COLUMNS: readonly Column<RegisteredModel>[] = [
  {
    key: "name",
    label: "Name",
    width: 200,
    cell: ({ name }) => (
      <a class="row-link" href={paths.model(name)}>
        {name}
      </a>
    ),
  },
  {
    key: "description",
    label: "Description",
    width: 220,
    grow: true,
    cell: ({ description }) => <span title={description}>{description}</span>,
  },
  {
    key: "aliases",
    label: "Aliases",
    width: 260,
    cell: ({ aliases }) => (
      <span class="chips">
        {Object.entries(aliases).map(([alias, version]) => (
          <Chip key={alias} tone="accent">
            {alias} <span class="muted">→ v{version}</span>
          </Chip>
        ))}
      </span>
    ),
  },
  {
    key: "latestVersion",
    label: "Latest",
    width: 80,
    isNumber: true,
    cell: ({ latestVersion }) => (latestVersion === undefined ? "" : `v${latestVersion}`),
  },
  { key: "tags", label: "Tags", width: 160, cell: ({ tags }) => <Tags tags={tags} /> },
  {
    key: "updatedAt",
    label: "Updated",
    width: 110,
    cell: ({ updatedAt }) => <Age time={updatedAt} />,
  },
];

/** All registered models. */
export function ModelsPage(): JSX.Element {
  const [text, setText] = useQueryState("q");
  const filter = fromSearchBox(text, (words) => `name ILIKE ${anywhere(words)}`);
  return (
    <PageFrame title="Models" fill>
      <div class="toolbar">
        <SearchBox
          label="Find models"
          placeholder="Name, or a filter: tags.task = 'classification'"
          value={text}
          onSearch={setText}
        />
      </div>
      <DataTable
        label="Models"
        columns={COLUMNS}
        answer={usePages(askModels({ filter }))}
        keyOf={(model) => model.name}
        empty={
          <EmptyState
            title={text === "" ? "No models yet." : "No model matches."}
            code={`await rivulet.models.register({
  name: "iris", runId: run.id, artifactPath: "model.json", aliases: ["production"],
});`}
          />
        }
      />
    </PageFrame>
  );
}
