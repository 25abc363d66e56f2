import type { PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Tags } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { SearchBox } from "../../components/search-box.tsx";
import { Age } from "../../components/time.tsx";
import { askPrompts } from "../../questions/prompts.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { anywhere, fromSearchBox } from "../../search/filter-text.ts";
import { AliasChip } from "./alias-chip.tsx";

const COLUMNS: readonly Column<PromptEntry>[] = [
  {
    key: "name",
    label: "Name",
    width: 200,
    cell: ({ name }) => (
      <a class="row-link" href={paths.prompt(name)}>
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
    width: 280,
    cell: ({ aliases }) => (
      <span class="chips">
        {Object.entries(aliases).map(([alias, arms]) => (
          <AliasChip key={alias} alias={alias} arms={arms} />
        ))}
      </span>
    ),
  },
  {
    key: "latestVersion",
    label: "Latest",
    width: 80,
    isNumber: true,
    cell: ({ latestVersion }) => `v${latestVersion}`,
  },
  { key: "tags", label: "Tags", width: 160, cell: ({ tags }) => <Tags tags={tags} /> },
  {
    key: "updatedAt",
    label: "Updated",
    width: 110,
    cell: ({ updatedAt }) => <Age time={updatedAt} />,
  },
];

/** All prompts. */
export function PromptsPage(): JSX.Element {
  const [text, setText] = useQueryState("q");
  const filter = fromSearchBox(text, (words) => `name ILIKE ${anywhere(words)}`);
  return (
    <PageFrame title="Prompts" fill>
      <div class="toolbar">
        <SearchBox
          label="Find prompts"
          placeholder="Name, or a filter: tags.team = 'support'"
          value={text}
          onSearch={setText}
        />
      </div>
      <DataTable
        label="Prompts"
        columns={COLUMNS}
        answer={usePages(askPrompts({ filter }))}
        keyOf={(prompt) => prompt.name}
        empty={
          <EmptyState
            title={text === "" ? "No prompts yet." : "No prompt matches."}
            code={`await rivulet.prompts.register({
  name: "greet",
  template: [{ role: "user", content: "Say hello to {{name}}." }],
  aliases: ["production"],
});`}
          />
        }
      />
    </PageFrame>
  );
}
