import type { PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import type { Column } from "../../components/data-table.tsx";
import { registryColumns } from "../../components/registry-columns.tsx";
import { SearchPage } from "../../components/search-page.tsx";
import { askPrompts } from "../../questions/prompts.ts";
import { paths } from "../../routing/paths.ts";
import { AliasChip } from "./alias-chip.tsx";

const COLUMNS: readonly Column<PromptEntry>[] = registryColumns({
  pathOf: paths.prompt,
  aliases: ({ aliases }) =>
    Object.entries(aliases).map(([alias, arms]) => (
      <AliasChip key={alias} alias={alias} arms={arms} />
    )),
});

/** All prompts. */
export function PromptsPage(): JSX.Element {
  return (
    <SearchPage
      title="Prompts"
      noun="prompt"
      filterExample="tags.team = 'support'"
      columns={COLUMNS}
      ask={askPrompts}
      keyOf={(prompt) => prompt.name}
      code={`await rivulet.prompts.register({
  name: "greet",
  template: [{ role: "user", content: "Say hello to {{name}}." }],
  aliases: ["production"],
});`}
    />
  );
}
