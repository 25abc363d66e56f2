import type { Dataset, DatasetRecord } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Tags } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { JsonCell } from "../../components/json-cell.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Facts, PageFrame } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { askDataset, askRecords } from "../../questions/datasets.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { quote } from "../../search/filter-text.ts";
import { RecordDialog } from "./record-dialog.tsx";

/** One dataset: the records of a version. */
export function DatasetPage({ params: { name = "" } }: PageProps): JSX.Element {
  const [version, setVersion] = useQueryState("version");
  const [shown, setShown] = useState<DatasetRecord>();
  const dataset = useQuery(askDataset(name)).data;
  return (
    <PageFrame
      title={name}
      crumbs={[{ label: "Datasets", href: paths.datasets }]}
      fill
      actions={
        <a class="button" href={`${paths.evaluations}?q=${encodeURIComponent(byDataset(name))}`}>
          Evaluations
        </a>
      }
      facts={dataset === undefined ? null : <DatasetFacts dataset={dataset} />}
    >
      <div class="toolbar">
        {dataset === undefined ? null : (
          <VersionSelect newest={dataset.version} version={version} onChange={setVersion} />
        )}
      </div>
      <DataTable
        label={`Records of ${name}`}
        columns={recordColumns(setShown)}
        answer={usePages(askRecords(name, version))}
        keyOf={(record) => record.id}
        empty={<NoRecords name={name} />}
      />
      {shown === undefined ? null : (
        <RecordDialog record={shown} onClose={() => setShown(undefined)} />
      )}
    </PageFrame>
  );
}

function byDataset(name: string): string {
  return `datasetName = ${quote(name)}`;
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
      width: 96,
      cell: ({ sourceTraceId }) =>
        sourceTraceId === undefined ? null : (
          <a class="over-row" href={paths.trace(sourceTraceId)}>
            {sourceTraceId.slice(0, 8)}
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
