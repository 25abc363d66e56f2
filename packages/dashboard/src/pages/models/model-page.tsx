import type { ModelVersion, RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Chip, Tags } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Facts, PageFrame } from "../../components/page.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { Age } from "../../components/time.tsx";
import { formatMetric } from "../../format/numbers.ts";
import { askModel, askModelVersions } from "../../questions/models.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { AliasPanel } from "./alias-panel.tsx";
import { ModelActions } from "./model-actions.tsx";
import { ModelAliases } from "./model-aliases.tsx";
import { ModelHistory } from "./model-history.tsx";
import { StageChip } from "./stage-chip.tsx";

/** Metric columns drawn. */
const MAX_METRICS = 5;

/** One model: its versions, where its aliases point and what guards them, and what happened to it. */
export function ModelPage({ params: { name = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askModel(name));
  const model = answer.data;
  return (
    <PageFrame
      title={name}
      crumbs={[{ label: "Models", href: paths.models }]}
      actions={model === undefined ? null : <ModelActions model={model} />}
      facts={model === undefined ? null : <ModelFacts model={model} />}
    >
      <Answered answer={answer}>{(loaded) => <ModelTabs model={loaded} />}</Answered>
    </PageFrame>
  );
}

function ModelTabs({ model }: { model: RegisteredModel }): JSX.Element {
  const [tab, setTab] = useQueryState("tab", "versions");
  return (
    <Tabs
      label="Parts of the model"
      current={tab}
      onChange={setTab}
      tabs={[
        { key: "versions", label: "Versions", panel: () => <Versions name={model.name} /> },
        {
          key: "aliases",
          label: "Aliases and gates",
          count: Object.keys(model.aliases).length,
          panel: () => <AliasPanel model={model} />,
        },
        { key: "history", label: "History", panel: () => <ModelHistory name={model.name} /> },
      ]}
    />
  );
}

function Versions({ name }: { name: string }): JSX.Element {
  const versions = usePages(askModelVersions(name));
  return (
    <DataTable
      label={`Versions of ${name}`}
      columns={versionColumns(versions.data ?? [])}
      answer={versions}
      keyOf={(version) => String(version.version)}
      empty={<NoVersions name={name} />}
    />
  );
}

function NoVersions({ name }: { name: string }): JSX.Element {
  return (
    <EmptyState
      title="No versions yet."
      code={`await rivulet.models.register({ name: ${JSON.stringify(name)}, runId: run.id });`}
    />
  );
}

function ModelFacts({ model }: { model: RegisteredModel }): JSX.Element {
  const { description, tags } = model;
  return (
    <>
      {description === "" ? null : <p class="description">{description}</p>}
      <Facts
        facts={[
          ["Created", <Age key="created" time={model.createdAt} />],
          ["Updated", <Age key="updated" time={model.updatedAt} />],
          ["Aliases", <ModelAliases key="aliases" model={model} />],
          Object.keys(tags).length === 0 ? undefined : ["Tags", <Tags key="tags" tags={tags} />],
        ]}
      />
    </>
  );
}

function versionColumns(versions: readonly ModelVersion[]): readonly Column<ModelVersion>[] {
  const keys = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  return [
    ...BASE,
    ...keys.slice(0, MAX_METRICS).map(
      (key): Column<ModelVersion> => ({
        key: `metrics.${key}`,
        label: key,
        width: 108,
        isNumber: true,
        cell: ({ metrics }) => {
          const value = Object.hasOwn(metrics, key) ? metrics[key] : undefined;
          return value === undefined ? "" : formatMetric(value);
        },
      }),
    ),
  ];
}

const BASE: readonly Column<ModelVersion>[] = [
  {
    key: "version",
    label: "Version",
    width: 84,
    cell: ({ name, version }) => (
      <a class="row-link" href={paths.modelVersion(name, version)}>
        v{version}
      </a>
    ),
  },
  {
    key: "stage",
    label: "Stage",
    width: 110,
    cell: ({ stage }) => <StageChip stage={stage} />,
  },
  {
    key: "aliases",
    label: "Aliases",
    width: 180,
    cell: ({ aliases }) => (
      <span class="chips">
        {aliases.map((alias) => (
          <Chip key={alias} tone="accent">
            {alias}
          </Chip>
        ))}
      </span>
    ),
  },
  {
    key: "description",
    label: "Description",
    width: 200,
    grow: true,
    cell: ({ description }) => <span title={description}>{description}</span>,
  },
  {
    key: "createdAt",
    label: "Created",
    width: 110,
    cell: ({ createdAt }) => <Age time={createdAt} />,
  },
];
