import type { LoggedModel, ModelField } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Chip } from "../../components/chips.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { KeyValueTable } from "../../components/key-value-table.tsx";
import { Facts, PageFrame, Section } from "../../components/page.tsx";
import { PlainTable } from "../../components/plain-table.tsx";
import { registeredAs } from "../../components/registered-as.tsx";
import { DialogButton } from "../../components/thing-actions.tsx";
import { Age } from "../../components/time.tsx";
import { formatMetric } from "../../format/numbers.ts";
import { askLoggedModel, askVersionsOfLoggedModel } from "../../questions/logged-models.ts";
import { askExperiment, askRun } from "../../questions/tracking.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { field, quote } from "../../search/filter-text.ts";
import { LoggedModelStatus } from "./logged-model-status.tsx";
import { RegisterModelDialog } from "./register-model-dialog.tsx";

/** A model that a run has made: what it is, what it was measured on, and what became of it. */
export function LoggedModelPage({
  params: { experimentId = "", modelId = "" },
}: PageProps): JSX.Element {
  const answer = useQuery(askLoggedModel(modelId));
  const experiment = useQuery(askExperiment(experimentId)).data;
  const model = answer.data;
  return (
    <PageFrame
      title={model?.name ?? "Logged model"}
      crumbs={[
        { label: "Experiments", href: paths.experiments },
        { label: experiment?.name ?? experimentId, href: paths.experiment(experimentId) },
      ]}
      actions={model === undefined ? null : <Actions model={model} />}
      facts={model === undefined ? null : <ModelFacts model={model} />}
    >
      <Answered answer={answer}>{(loaded) => <Body model={loaded} />}</Answered>
    </PageFrame>
  );
}

function Actions({ model }: { model: LoggedModel }): JSX.Element {
  const filter = `${field("metadata", "mlflow.modelId")} = ${quote(model.id)}`;
  return (
    <>
      <a class="button" href={paths.scoped("traces", {}, { text: filter })}>
        Traces
      </a>
      {model.status === "ready" ? (
        <DialogButton
          label="Register as model"
          dialog={(close) => <RegisterModelDialog logged={model} onClose={close} />}
        />
      ) : null}
    </>
  );
}

function ModelFacts({ model }: { model: LoggedModel }): JSX.Element {
  const { id, runId, artifactPath, modelType, createdAt, statusMessage, lifecycleStage } = model;
  const run = useQuery(askRun(runId)).data;
  const versions = usePages(askVersionsOfLoggedModel(id)).data ?? [];
  const files = `?tab=artifacts&artifact=${encodeURIComponent(artifactPath)}`;
  const runPath = paths.run({ experimentId: model.experimentId, id: runId });
  return (
    <>
      {statusMessage === undefined ? null : <p class="description">{statusMessage}</p>}
      <Facts
        facts={[
          ["Status", <LoggedModelStatus key="status" model={model} />],
          lifecycleStage === "deleted"
            ? [
                "Deleted",
                <Chip key="deleted" tone="warn">
                  Hidden from lists
                </Chip>,
              ]
            : undefined,
          ["Logged", <Age key="logged" time={createdAt} />],
          modelType === undefined ? undefined : ["Made with", modelType],
          [
            "Run",
            <a key="run" href={runPath}>
              {run?.name ?? runId.slice(0, 12)}
            </a>,
          ],
          [
            "Files",
            <a key="files" href={runPath + files}>
              {artifactPath}
            </a>,
          ],
          registeredAs(versions),
          [
            "Id",
            <span key="id">
              <code>{id.slice(0, 14)}</code>
              <CopyButton text={id} label="Copy the model's id" />
            </span>,
          ],
        ]}
      />
    </>
  );
}

function Body({ model }: { model: LoggedModel }): JSX.Element {
  const { params, tags, signature } = model;
  return (
    <div class="columns">
      <div>
        <Section title="Metrics by dataset">
          <Metrics model={model} />
        </Section>
        {signature === undefined ? null : (
          <Section title="Signature">
            <Fields label="Takes" fields={signature.inputs} />
            <Fields label="Gives" fields={signature.outputs ?? []} />
          </Section>
        )}
      </div>
      <div>
        <Section title="Parameters">
          <KeyValueTable label="Parameters" values={params} empty="None logged." />
        </Section>
        <Section title="Tags">
          <KeyValueTable label="Tags" values={tags} empty="None set." />
        </Section>
      </div>
    </div>
  );
}

function Metrics({ model: { metrics } }: { model: LoggedModel }): JSX.Element {
  if (metrics.length === 0) return <p class="muted">None measured.</p>;
  return (
    <div class="wide-table">
      <PlainTable
        label="Metrics by dataset"
        head={["Metric", "Dataset", { number: "Value" }, { number: "Step" }]}
      >
        {metrics.map(({ key, value, step, datasetName = "–", datasetDigest }) => (
          <tr key={`${key} ${datasetName} ${datasetDigest}`}>
            <th scope="row">{key}</th>
            <td title={datasetDigest}>{datasetName}</td>
            <td class="number">{formatMetric(value)}</td>
            <td class="number">{step}</td>
          </tr>
        ))}
      </PlainTable>
    </div>
  );
}

function Fields({
  label,
  fields,
}: {
  label: string;
  fields: readonly ModelField[];
}): JSX.Element | null {
  const texts = fields.map(({ name, type, shape, optional = false }) => [
    name,
    `${type}${shape === undefined ? "" : ` [${shape.map((length) => length ?? "any").join(", ")}]`}${optional ? ", optional" : ""}`,
  ]);
  if (fields.length === 0) return null;
  return (
    <>
      <h3>{label}</h3>
      <KeyValueTable label={label} values={Object.fromEntries(texts)} empty="Nothing." />
    </>
  );
}
