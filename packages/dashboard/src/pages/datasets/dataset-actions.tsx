import type { Dataset } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useCan } from "../../api/me.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { DescribeDialog } from "../../components/describe-dialog.tsx";
import { Icon } from "../../components/icon.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
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
export function DatasetActions({ dataset }: { dataset: Dataset }): JSX.Element | null {
  const { name } = dataset;
  const canWrite = useCan("write");
  const [open, setOpen] = useState<"edit" | "delete">();
  const close = (): void => setOpen(undefined);
  if (!canWrite) return null;
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen("edit")}>
        Edit
      </button>
      <button type="button" class="button" onClick={() => setOpen("delete")}>
        <Icon name="trash" />
        Delete
      </button>
      {open === "edit" ? (
        <DescribeDialog
          name={name}
          thing={dataset}
          reload={() => rivulet.datasets.get(name)}
          save={(patch) => updateDataset(name, patch)}
          onClose={close}
        />
      ) : null}
      {open === "delete" ? <DeleteDataset dataset={dataset} onClose={close} /> : null}
    </>
  );
}

function DeleteDataset({
  dataset: { name, version, recordCount },
  onClose,
}: DialogProps): JSX.Element {
  return (
    <ConfirmDialog
      title={`Delete the dataset ${name}?`}
      verb="Delete dataset"
      typed={name}
      work={() => deleteDataset(name)}
      done={`Deleted the dataset ${name}.`}
      onDone={() => {
        location.hash = paths.datasets;
      }}
      onClose={onClose}
    >
      <p>
        This cannot be undone: {formatCount(recordCount)} rows in {formatCount(version)} versions
        go. Evaluations that ran on it keep their own copies of the rows.
      </p>
    </ConfirmDialog>
  );
}

/** What can be done with the rows of the newest version. */
export function RowActions({ dataset }: { dataset: Dataset }): JSX.Element | null {
  const canWrite = useCan("write");
  const [open, setOpen] = useState<"row" | "import" | "traces">();
  const close = (): void => setOpen(undefined);
  if (!canWrite) return null;
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen("row")}>
        <Icon name="plus" />
        New row
      </button>
      <button type="button" class="button" onClick={() => setOpen("import")}>
        Import
      </button>
      <button type="button" class="button" onClick={() => setOpen("traces")}>
        From traces
      </button>
      {open === "row" ? <RowEditor dataset={dataset} record={undefined} onClose={close} /> : null}
      {open === "import" ? <ImportDialog dataset={dataset} onClose={close} /> : null}
      {open === "traces" ? <FromTracesDialog dataset={dataset} onClose={close} /> : null}
    </>
  );
}
