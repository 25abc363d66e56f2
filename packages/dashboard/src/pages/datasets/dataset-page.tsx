import type { Dataset, DatasetRecord } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Tags } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { JsonCell } from "../../components/json-cell.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Facts, PageFrame } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import type { Clause } from "../../lists/filter/clause.ts";
import { askDataset, askRecords } from "../../questions/datasets.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { DatasetActions, RowActions } from "./dataset-actions.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { RecordDialog } from "./record-dialog.tsx";
import { VersionChanges } from "./version-changes.tsx";

/** One dataset: the records of a version, or what differs between two. */
export function DatasetPage({ params: { name = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askDataset(name));
  const dataset = answer.data;
  return (
    <PageFrame
      title={name}
      crumbs={[{ label: "Datasets", href: paths.datasets }]}
      fill
      actions={
        dataset === undefined ? null : (
          <>
            <a
              class="button"
              href={paths.scoped("evaluations", {}, { clauses: [byDataset(name)] })}
            >
              Evaluations
            </a>
            <DatasetActions dataset={dataset} />
          </>
        )
      }
      facts={dataset === undefined ? null : <DatasetFacts dataset={dataset} />}
    >
      <Answered answer={answer}>{(loaded) => <DatasetBody dataset={loaded} />}</Answered>
    </PageFrame>
  );
}

function DatasetBody({ dataset }: { dataset: Dataset }): JSX.Element {
  const [version, setVersion] = useQueryState("version");
  const [against, setAgainst] = useQueryState("against");
  const shown = version === "" ? dataset.version : Number(version);
  return (
    <>
      <div class="toolbar">
        {dataset.version === 0 ? null : (
          <VersionSelect newest={dataset.version} version={version} onChange={setVersion} />
        )}
        <AgainstSelect
          newest={dataset.version}
          shown={shown}
          value={against}
          onChange={setAgainst}
        />
        {version === "" ? <RowActions dataset={dataset} /> : null}
        {shown === 0 ? null : <ExportMenu name={dataset.name} version={shown} />}
      </div>
      {against === "" ? (
        <Records key={version} dataset={dataset} version={version} />
      ) : (
        <VersionChanges name={dataset.name} before={Number(against)} after={shown} />
      )}
    </>
  );
}

function Records({ dataset, version }: { dataset: Dataset; version: string }): JSX.Element {
  const [shown, setShown] = useState<DatasetRecord>();
  return (
    <>
      <DataTable
        label={`Records of ${dataset.name}`}
        columns={recordColumns(setShown)}
        answer={usePages(askRecords(dataset.name, version))}
        keyOf={(record) => record.id}
        empty={<NoRecords name={dataset.name} />}
      />
      {shown === undefined ? null : (
        <RecordDialog
          record={shown}
          newest={version === "" ? dataset : undefined}
          onClose={() => setShown(undefined)}
        />
      )}
    </>
  );
}

function byDataset(name: string): Clause {
  return { field: "datasetName", operator: "is", value: name };
}

function NoRecords({ name }: { name: string }): JSX.Element {
  return (
    <EmptyState
      title="No records in this version."
      code={`await rivulet.datasets.addRecords(${JSON.stringify(name)}, [{ inputs, expectations }]);`}
    />
  );
}

function DatasetFacts({ dataset }: { dataset: Dataset }): JSX.Element {
  const { description, tags } = dataset;
  return (
    <>
      {description === "" ? null : <p class="description">{description}</p>}
      <Facts
        facts={[
          ["Newest version", `v${dataset.version}`],
          ["Records", String(dataset.recordCount)],
          ["Created", <Age key="created" time={dataset.createdAt} />],
          ["Updated", <Age key="updated" time={dataset.updatedAt} />],
          Object.keys(tags).length === 0 ? undefined : ["Tags", <Tags key="tags" tags={tags} />],
        ]}
      />
    </>
  );
}

function VersionSelect({
  newest,
  version,
  onChange,
}: {
  newest: number;
  version: string;
  onChange: (version: string) => void;
}): JSX.Element {
  const versions = Array.from({ length: newest }, (_, index) => String(newest - index));
  return (
    <label class="inline-field">
      Version
      <select
        value={version === "" ? String(newest) : version}
        onChange={(event) => {
          const next = event.currentTarget.value;
          onChange(next === String(newest) ? "" : next);
        }}
      >
        {versions.map((one) => (
          <option key={one} value={one}>
            v{one}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Another version, to see what has changed since. */
function AgainstSelect({
  newest,
  shown,
  value,
  onChange,
}: {
  newest: number;
  shown: number;
  value: string;
  onChange: (version: string) => void;
}): JSX.Element | null {
  if (newest < 2) return null;
  const others = Array.from({ length: newest }, (_, index) => newest - index);
  return (
    <label class="inline-field">
      Changes since
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">–</option>
        {others
          .filter((one) => one !== shown)
          .map((one) => (
            <option key={one} value={String(one)}>
              v{one}
            </option>
          ))}
      </select>
    </label>
  );
}

function recordColumns(onShow: (record: DatasetRecord) => void): readonly Column<DatasetRecord>[] {
  return [
    {
      key: "inputs",
      label: "Inputs",
      width: 320,
      grow: true,
      cell: (record) => (
        <button type="button" class="row-link" onClick={() => onShow(record)}>
          <JsonCell value={record.inputs} />
        </button>
      ),
    },
    {
      key: "expectations",
      label: "Expectations",
      width: 320,
      cell: ({ expectations }) => <JsonCell value={expectations} />,
    },
    {
      key: "trace",
      label: "Trace",
      width: 116,
      cell: ({ sourceTraceId }) =>
        sourceTraceId === undefined ? null : (
          <a class="over-row" href={paths.trace(sourceTraceId)}>
            {sourceTraceId.slice(0, 12)}
          </a>
        ),
    },
    {
      key: "createdAt",
      label: "Added",
      width: 110,
      cell: ({ createdAt }) => <Age time={createdAt} />,
    },
  ];
}
