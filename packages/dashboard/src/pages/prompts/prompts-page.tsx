import type { PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import type { Column } from "../../components/column.ts";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { registryColumns } from "../../components/registry-columns.tsx";
import { NewButton } from "../../components/thing-actions.tsx";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { nameFilter } from "../../lists/name-filter.ts";
import { askPrompts } from "../../questions/prompts.ts";
import { paths } from "../../routing/paths.ts";
import { AliasChip } from "./alias-chip.tsx";
import type { PromptEditorProps } from "./prompt-editor.tsx";
import { PromptPreview } from "./prompt-preview.tsx";

const PromptEditor = lazyComponent<PromptEditorProps>(
  async () => (await import("./prompt-editor.tsx")).PromptEditor,
);

const COLUMNS: readonly Column<PromptEntry>[] = registryColumns({
  pathOf: paths.prompt,
  aliases: ({ aliases }) =>
    Object.entries(aliases).map(([alias, arms]) => (
      <AliasChip key={alias} alias={alias} arms={arms} />
    )),
});

/** All prompts. */
export function PromptsPage(): JSX.Element {
  return <ListPage spec={PROMPTS} />;
}

const PROMPTS: ListSpec<PromptEntry> = {
  list: "prompts",
  title: "Prompts",
  noun: "prompt",
  columns: COLUMNS,
  filter: nameFilter("prompt", "tags.team = 'support'"),
  order: "name ASC",
  keyOf: ({ name }) => name,
  nameOf: ({ name }) => name,
  hrefOf: ({ name }) => paths.prompt(name),
  tools: (
    <NewButton label="New prompt" dialog={(close) => <PromptEditor latest={0} onClose={close} />} />
  ),
  ask: askPrompts,
  panel: (prompt) => <PromptPreview prompt={prompt} />,
  empty: (
    <EmptyState
      title="No prompts yet."
      code={`await rivulet.prompts.register({
  name: "greet",
  template: [{ role: "user", content: "Say hello to {{name}}." }],
  aliases: ["production"],
});`}
    />
  ),
};
