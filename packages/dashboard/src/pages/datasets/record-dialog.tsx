import type { Dataset, DatasetRecord } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { Icon } from "../../components/icon.tsx";
import { Modal } from "../../components/modal.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import { JsonTree } from "../../content/json-tree.tsx";
import { Payload } from "../../content/payload.tsx";
import { deleteRecords } from "../../questions/datasets.ts";
import { paths } from "../../routing/paths.ts";
import { RowEditor } from "./row-editor.tsx";
import { tellVersion } from "./tell-version.ts";

/** One record, in full. */
export function RecordDialog({
  record,
  newest,
  onClose,
}: {
  record: DatasetRecord;
  /** The dataset, where the row is in its newest version: earlier ones never change. */
  newest: Dataset | undefined;
  onClose: () => void;
}): JSX.Element {
  const { sourceTraceId, metadata } = record;
  const canWrite = useCan("write");
  const [isEditing, setEditing] = useState(false);
  if (newest !== undefined && isEditing) {
    return <RowEditor dataset={newest} record={record} onClose={onClose} />;
  }
  return (
    <Modal title={`Record ${record.id.slice(0, 12)}`} onClose={onClose}>
      <Payload title="Inputs" value={record.inputs} />
      <Payload title="Expectations" value={record.expectations} />
      {Object.keys(metadata).length === 0 ? null : (
        <section class="payload">
          <h3>Metadata</h3>
          <JsonTree value={metadata} label="metadata" />
        </section>
      )}
      {sourceTraceId === undefined ? null : (
        <p>
          Made from <a href={paths.trace(sourceTraceId)}>trace {sourceTraceId.slice(0, 12)}</a>
        </p>
      )}
      {newest === undefined || !canWrite ? null : (
        <div class="modal-actions">
          <DeleteButton dataset={newest} record={record} onDone={onClose} />
          <button type="button" class="button" onClick={() => setEditing(true)}>
            Edit record
          </button>
        </div>
      )}
    </Modal>
  );
}

function DeleteButton({
  dataset,
  record,
  onDone,
}: {
  dataset: Dataset;
  record: DatasetRecord;
  onDone: () => void;
}): JSX.Element {
  const action = useAction(async () => {
    const after = await deleteRecords(dataset.name, [record.id]);
    onDone();
    tellVersion(dataset, after, "Deleted a record");
  });
  return (
    <>
      {action.error === null ? null : <ErrorNotice error={action.error} />}
      <button
        type="button"
        class="button"
        disabled={action.isRunning}
        onClick={() => void action.run(undefined)}
      >
        <Icon name="trash" />
        Delete record
      </button>
    </>
  );
}
