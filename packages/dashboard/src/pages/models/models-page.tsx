import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";
import type { Column } from "../../components/data-table.tsx";
import { registryColumns } from "../../components/registry-columns.tsx";
import { SearchPage } from "../../components/search-page.tsx";
import { askModels } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";

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
  return (
    <SearchPage
      title="Models"
      noun="model"
      filterExample="tags.task = 'classification'"
      columns={COLUMNS}
      ask={askModels}
      keyOf={(model) => model.name}
      code={`await rivulet.models.register({
  name: "iris", runId: run.id, artifactPath: "model.json", aliases: ["production"],
});`}
    />
  );
}
