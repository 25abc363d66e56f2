import type { LoggedModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import type { PagedAnswer } from "../../api/use-query.ts";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Age } from "../../components/time.tsx";
import { byName } from "../../format/by-name.ts";
import { formatMetric } from "../../format/numbers.ts";
import { paths } from "../../routing/paths.ts";
import { LoggedModelStatus } from "../models/logged-model-status.tsx";
import { RegisterModelDialog } from "../models/register-model-dialog.tsx";

/** Columns of metrics drawn; the page of a model has all. */
const MOST_METRICS = 8;

/** The models that a run has made, with what they measured by dataset. */
export function RunModels({ answer }: { answer: PagedAnswer<LoggedModel> }): JSX.Element {
  const canWrite = useCan("write");
  const [registered, setRegistered] = useState<LoggedModel>();
  const measured = new Map(
    (answer.data ?? []).flatMap(({ metrics }) =>
      metrics.map((metric) => [metricName(metric), metric] as const),
    ),
  );
  const names = [...measured.keys()].sort(byName).slice(0, MOST_METRICS);
  const columns: readonly Column<LoggedModel>[] = [
    ...BASE,
    ...names.map(
      (name): Column<LoggedModel> => ({
        key: name,
        label: name,
        width: 150,
        isNumber: true,
        cell: ({ metrics }) => {
          const found = metrics.find((metric) => metricName(metric) === name);
          return found === undefined ? "" : formatMetric(found.value);
        },
      }),
    ),
    ...(canWrite ? [registerColumn(setRegistered)] : []),
  ];
  return (
    <>
      <DataTable
        label="Models of the run"
        columns={columns}
        answer={answer}
        keyOf={({ id }) => id}
        empty={<EmptyState title="No models yet." code={CODE} />}
      />
      {registered === undefined ? null : (
        <RegisterModelDialog logged={registered} onClose={() => setRegistered(undefined)} />
      )}
    </>
  );
}

const CODE = 'await run.logModel("tree", { "model.json": json }, { modelType: "mine" });';

/** A metric on a dataset as a column names it: `accuracy on iris`. */
function metricName({ key, datasetName }: LoggedModel["metrics"][number]): string {
  return datasetName === undefined ? key : `${key} on ${datasetName}`;
}

const BASE: readonly Column<LoggedModel>[] = [
  {
    key: "name",
    label: "Model",
    width: 180,
    grow: true,
    cell: (model) => (
      <a class="row-link" href={paths.loggedModel(model)}>
        {model.name}
      </a>
    ),
  },
  {
    key: "status",
    label: "Status",
    width: 130,
    cell: (model) => <LoggedModelStatus model={model} />,
  },
  { key: "modelType", label: "Made with", width: 100, cell: ({ modelType = "" }) => modelType },
  {
    key: "createdAt",
    label: "Logged",
    width: 110,
    cell: ({ createdAt }) => <Age time={createdAt} />,
  },
];

function registerColumn(register: (model: LoggedModel) => void): Column<LoggedModel> {
  return {
    key: "register",
    label: "Registry",
    width: 110,
    cell: (model) =>
      model.status === "ready" ? (
        <button type="button" class="link-button over-row" onClick={() => register(model)}>
          Register<span class="hidden-text"> {model.name}</span>
        </button>
      ) : null,
  };
}
