import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";
import type { Column } from "../../components/column.ts";
import { EmptyState } from "../../components/notices.tsx";
import { registryColumns } from "../../components/registry-columns.tsx";
import { ListPage } from "../../lists/list-page.tsx";
import type { ListSpec } from "../../lists/list-spec.ts";
import { nameFilter } from "../../lists/name-filter.ts";
import { askModels } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { ModelPreview } from "./model-preview.tsx";

const COLUMNS: readonly Column<RegisteredModel>[] = registryColumns({
  pathOf: paths.model,
  aliases: ({ aliases }) =>
    Object.entries(aliases).map(([alias, version]) => (
      <Chip key={alias} tone="accent">
        {alias} <span class="muted">→ v{version}</span>
      </Chip>
    )),
});

/** All registered models. */
export function ModelsPage(): JSX.Element {
  return <ListPage spec={MODELS} />;
}

const MODELS: ListSpec<RegisteredModel> = {
  list: "models",
  title: "Models",
  noun: "model",
  columns: COLUMNS,
  filter: nameFilter("model", "tags.task = 'classification'"),
  order: "name ASC",
  keyOf: ({ name }) => name,
  nameOf: ({ name }) => name,
  hrefOf: ({ name }) => paths.model(name),
  ask: askModels,
  panel: (model) => <ModelPreview model={model} />,
  empty: (
    <EmptyState
      title="No models yet."
      code={`await rivulet.models.register({
  name: "iris", runId: run.id, artifactPath: "model.json", aliases: ["production"],
});`}
    />
  ),
};
