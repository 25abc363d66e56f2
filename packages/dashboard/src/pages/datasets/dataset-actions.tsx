import type { Dataset } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { rivulet } from "../../api/client.ts";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { DeleteButton, DialogButton, EditButton } from "../../components/thing-actions.tsx";
import { formatCount } from "../../format/numbers.ts";
import { deleteDataset, updateDataset } from "../../questions/datasets.ts";
import { paths } from "../../routing/paths.ts";
import { RowEditor } from "./row-editor.tsx";

type DialogProps = { readonly dataset: Dataset; readonly onClose: () => void };

const ImportDialog: FunctionComponent<DialogProps> = lazyComponent(
  async () => (await import("./import-dialog.tsx")).ImportDialog,
);
const FromTracesDialog: FunctionComponent<DialogProps> = lazyComponent(
  async () => (await import("./import-dialog.tsx")).FromTracesDialog,
);

/** What can be done with a dataset as a whole. */
export function DatasetActions({ dataset }: { dataset: Dataset }): JSX.Element {
  const { name, recordCount, version } = dataset;
  return (
    <>
      <EditButton
        name={name}
        thing={dataset}
        reload={() => rivulet.datasets.get(name)}
        save={(patch) => updateDataset(name, patch)}
      />
      <DeleteButton
        title={`Delete the dataset ${name}?`}
        verb="Delete dataset"
        typed={name}
        work={() => deleteDataset(name)}
        done={`Deleted the dataset ${name}.`}
        after={paths.datasets}
      >
        <p>
          This cannot be undone: {formatCount(recordCount)} rows in {formatCount(version)} versions
          go. Evaluations that ran on it keep their own copies of the rows.
        </p>
      </DeleteButton>
    </>
  );
}

/** What can be done with the rows of the newest version. */
export function RowActions({ dataset }: { dataset: Dataset }): JSX.Element {
  return (
    <>
      <DialogButton
        label="New record"
        icon="plus"
        dialog={(close) => <RowEditor dataset={dataset} record={undefined} onClose={close} />}
      />
      <DialogButton
        label="Import"
        dialog={(close) => <ImportDialog dataset={dataset} onClose={close} />}
      />
      <DialogButton
        label="From traces"
        dialog={(close) => <FromTracesDialog dataset={dataset} onClose={close} />}
      />
    </>
  );
}
